"""Every place of a file that names a site: where it is made, and the keys that mean it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from numpyro_lint.model.given import named
from numpyro_lint.model.ir import Key, Site, TraceRef
from numpyro_lint.model.keys import Met, keys_of
from numpyro_lint.model.program import Module, Run, Stack
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.model.values import given
from numpyro_lint.record import record
from numpyro_lint.text import Span

Predict = Callable[[Stack], Prediction]


@record
class Mention:
    """A string that names a site: `before` and `after` are what scopes and handlers add to it.

    The key of `dict(x=1)` is no string: its place is empty.
    """

    span: Span
    before: str
    name: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.name + self.after


def mentions_of(
    sites: Iterable[Site], module: Module, met: Iterable[Met], predict: Predict
) -> tuple[Mention, ...]:
    """The strings that mean these sites, which have one name, and no others; in order of place.

    Empty where a site's own name is not written out at its call. `met`: what the handlers of the
    file meet; `predict`: what becomes of a model in a stack.
    """
    sites = tuple(sites)
    name = sites[0].name.literal if sites else None
    if not name or any(site.name_span is None or site.name.literal != name for site in sites):
        return ()
    spans = {site.span for site in sites}
    found: dict[Span, Mention] = {}
    for site in sites:
        if site.name_span is not None:
            found[site.name_span] = Mention(site.name_span, "", name, "")
    for key in (*_of_handlers(met, spans), *_of_runs(module, spans, predict)):
        before, middle, after = key.text.rpartition(name)
        if middle:
            is_text = key.span != key.value_span
            span = key.span if is_text else Span(key.span.start, key.span.start)
            found[span] = Mention(span, before, name, after)
    return tuple(found[span] for span in sorted(found))


def _of_handlers(met: Iterable[Met], spans: set[Span]) -> Iterator[Key]:
    for entry in met:
        places: dict[str, set[Span]] = {}
        for seen in entry.seen:
            if seen.name.literal is not None:
                places.setdefault(seen.name.literal, set()).add(seen.site.span)
        yield from (key for key in keys_of(entry.handler) if _means(places.get(key.text), spans))


def _of_runs(module: Module, spans: set[Span], predict: Predict) -> Iterator[Key]:
    for entry in named(module):
        places: dict[str, set[Span]] = {}
        for run in entry.runs:
            for effect in effects_of(run, predict):
                if effect.name.literal is not None:
                    places.setdefault(effect.name.literal, set()).add(effect.site.span)
        if _means(places.get(entry.key.text), spans):
            yield entry.key


def _means(places: set[Span] | None, spans: set[Span]) -> bool:
    return bool(places) and places is not None and places <= spans


def effects_of(run: Run, predict: Predict) -> Iterator[Effect]:
    """What becomes of the sites of a run's model, and of its guide's."""
    for stack in (run.stack, run.guide):
        if stack is not None:
            yield from predict(stack).effects


def replayed(stacks: Sequence[Stack], predict: Predict) -> Iterator[tuple[Effect, ...]]:
    """What becomes of the sites of each replayed model, with those of the trace that it follows."""
    for stack in stacks:
        followed = {
            value.handler
            for handler in stack.handlers
            if handler.kind == "replay" and isinstance(value := given(handler, "trace"), TraceRef)
        }
        for other in stacks if followed else ():
            if followed & {handler.span for handler in other.handlers}:
                yield *predict(stack).effects, *predict(other).effects


def alike(site: Site, runs: Iterable[Iterable[Effect]]) -> tuple[Site, ...]:
    """A site and those that have its name in one of the runs, directly or through others.

    They are those on other branches, of the guide, of other models with the same parts.
    """
    groups = [tuple(effects) for effects in runs]
    found = {site.span: site}
    before = 0
    while len(found) > before:
        before = len(found)
        for effects in groups:
            names = {e.name.literal for e in effects if e.site.span in found} - {None}
            same = (e.site for e in effects if e.name.literal in names)
            found |= {each.span: each for each in same if each.name == site.name}
    return tuple(found[span] for span in sorted(found))
