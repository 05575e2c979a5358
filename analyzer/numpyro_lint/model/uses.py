"""Every place of a file that names a site: where it is made, and the keys that mean it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpyro_lint.model.ir import Key, Sequence, Site, Table, Text, Value
from numpyro_lint.model.keys import Met, keys_of
from numpyro_lint.model.program import Run
from numpyro_lint.model.stack import Prediction
from numpyro_lint.record import record
from numpyro_lint.text import Span


@record
class Use:
    """A string that names a site: `before` and `after` are what scopes and handlers add to it."""

    span: Span
    before: str
    name: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.name + self.after


def uses_of(
    site: Site, met: Iterable[Met], runs: Iterable[tuple[Run, Prediction]]
) -> tuple[Use, ...]:
    """The strings that mean one site and no other, each once, in order of place.

    `met`: what the file's handlers meet; `runs`: its inferences with what becomes of their models.
    Empty where the site's own name is not written out at its call.
    """
    name = site.name.literal
    if not name or site.name_span is None:
        return ()
    found = {site.name_span: Use(site.name_span, "", name, "")}
    for key in (*_of_handlers(site, met), *_of_runs(site, runs)):
        before, _, after = key.text.rpartition(name)
        # The key of `dict(x=1)` is no string: its place is empty, and it cannot be written anew.
        span = key.span if key.span != key.value_span else Span(key.span.start, key.span.start)
        found[span] = Use(span, before, name, after)
    return tuple(found[span] for span in sorted(found))


def _of_handlers(site: Site, met: Iterable[Met]) -> Iterator[Key]:
    for entry in met:
        places: dict[str, set[Span]] = {}
        for seen in entry.seen:
            if seen.name.literal is not None:
                places.setdefault(seen.name.literal, set()).add(seen.site.span)
        yield from _meaning(site, keys_of(entry.handler), places)


def _of_runs(site: Site, runs: Iterable[tuple[Run, Prediction]]) -> Iterator[Key]:
    for run, prediction in runs:
        places: dict[str, set[Span]] = {}
        for effect in prediction.effects:
            if effect.name.literal is not None:
                places.setdefault(effect.name.literal, set()).add(effect.site.span)
        for _, value in run.args:
            yield from _meaning(site, _keys(value), places)


def _meaning(site: Site, keys: Iterable[Key], places: dict[str, set[Span]]) -> Iterator[Key]:
    """Those of the keys under which this site is found, and nothing else."""
    for key in keys:
        if places.get(key.text) == {site.span} and (site.name.literal or "") in key.text:
            yield key


def _keys(value: Value) -> Iterator[Key]:
    """The strings of a dictionary or list that an inference is given."""
    if isinstance(value, Table):
        yield from value.keys
    elif isinstance(value, Sequence):
        for item, span in zip(value.items, value.spans, strict=False):
            if isinstance(item, Text) and item.name.literal is not None:
                yield Key(item.name.literal, span, item)
