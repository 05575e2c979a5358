"""The keys of handlers against the names of sites as each handler sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpyro_lint.facts.api import ACTS_ON, KEYED, WATCHED
from numpyro_lint.model.ir import Handler, Key, Predicate
from numpyro_lint.model.message import Seen
from numpyro_lint.model.stack import Prediction
from numpyro_lint.model.values import given, key_table
from numpyro_lint.record import record
from numpyro_lint.text import Span

# A name of fewer characters is no short form of another.
_FEWEST = 4


@record
class Missing:
    """A key that names no site as its handler sees them.

    `scoped`: the names under which sites of that name are seen there, when only a scope's prefix
    stands between them; `near`: the names that it may be a slip for, nearest first; `hidden`: a
    block further in hides a site of that name.
    """

    handler: Handler
    key: Key
    names: tuple[str, ...]
    scoped: tuple[str, ...]
    near: tuple[str, ...]
    hidden: bool = False


@record
class Met:
    """Everything that a handler met, over all runs in which it takes part.

    `hidden` are the names of what the blocks of these runs hide.
    """

    handler: Handler
    seen: tuple[Seen, ...]
    known: bool
    hidden: frozenset[str] = frozenset()

    def called(self, name: str) -> tuple[Seen, ...]:
        """The sites met under a name; none where a site may have that name or not."""
        found = [(seen, seen.name.matches(name)) for seen in self.seen]
        if any(matches is None for _, matches in found):
            return ()
        return tuple(seen for seen, matches in found if matches)


def keys_of(handler: Handler) -> Iterator[Key]:
    """The literal keys of a handler, as far as they are in sight."""
    for argument in KEYED.get(handler.kind, ()):
        value = given(handler, argument)
        table = key_table(value)
        if table is not None:
            yield from table.keys
        elif isinstance(value, Predicate):
            yield from value.names


def met(runs: Iterable[tuple[tuple[Handler, ...], Prediction]]) -> dict[Span, Met]:
    """What each keyed handler of some runs met. `known`: nothing that it may meet is out of sight.

    A run that ends in an exception shows only part of what a handler would meet.
    """
    found: dict[Span, Met] = {}
    for handlers, prediction in runs:
        whole = prediction.complete and prediction.raises is None
        hidden = frozenset(_hidden(prediction))
        seen_by = prediction.seen or {}
        inner = {
            active.frame.span: active.frame
            for step in prediction.executions
            for active in step.active
            if isinstance(active.frame, Handler)
        }
        for handler in (*handlers, *inner.values()):
            if handler.kind not in WATCHED:
                continue
            seen = seen_by.get(handler.span, ())
            before = found.get(handler.span, Met(handler, (), True))
            found[handler.span] = Met(
                handler, before.seen + seen, before.known and whole, before.hidden | hidden
            )
    return found


def _hidden(prediction: Prediction) -> Iterator[str]:
    for effect in prediction.effects:
        if effect.hidden and effect.value_from != "do" and effect.name.literal:
            yield effect.name.literal


def missing(entry: Met) -> Iterator[Missing]:
    """The keys of a handler that name no site."""
    if not entry.known or not (entry.seen or entry.hidden):
        return
    names = tuple(dict.fromkeys(seen.name.literal for seen in entry.seen if seen.name.literal))
    for key in keys_of(entry.handler):
        if any(seen.name.matches(key.text) is not False for seen in entry.seen):
            continue
        if not entry.seen and key.text not in entry.hidden:
            continue
        yield Missing(
            entry.handler,
            key,
            names,
            tuple(dict.fromkeys(_scoped(key.text, entry.seen))),
            near(key.text, _candidates(entry)),
            key.text in entry.hidden,
        )


def near(key: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that a key may be a slip for, or short for or the short form of, nearest first."""
    from difflib import get_close_matches

    known = list(names)
    found = get_close_matches(key, known, n=3, cutoff=0.75)
    return tuple(found or [name for name in known if _is_short(name, key) or _is_short(key, name)])


def _is_short(one: str, other: str) -> bool:
    """Whether a name is another with the end of its last word left out."""
    return len(one) >= _FEWEST and other.startswith(one) and other[len(one) :].isalpha()


def scoped(key: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names from which a key differs by a scope's prefix."""
    return tuple(name for name in names if key and (_ends_in(name, key) or _ends_in(key, name)))


def _candidates(entry: Met) -> list[str]:
    """The names that the handler can act on, each once."""
    acts_on = ACTS_ON.get(entry.handler.kind)
    return list(
        dict.fromkeys(
            seen.name.literal
            for seen in entry.seen
            if seen.name.literal and (acts_on is None or seen.type in acts_on)
        )
    )


def _scoped(key: str, seen: Iterable[Seen]) -> Iterator[str]:
    """Names that differ from the key by a scope's prefix: it lacks one, or has one too many."""
    for each in seen:
        name = each.name.literal
        if name is None or not key:
            continue
        written = each.site.name.literal
        scoped = written is not None and written != name and key.endswith(written)
        lacks = (scoped and name.endswith(key)) or (written is None and _ends_in(name, key))
        if lacks or _ends_in(key, name):
            yield name


def _ends_in(name: str, end: str) -> bool:
    """Whether a name is a prefix with a divider that is no part of a word, and then `end`."""
    divider = name[-len(end) - 1 : -len(end)]
    return name.endswith(end) and bool(divider) and not (divider.isalnum() or divider == "_")
