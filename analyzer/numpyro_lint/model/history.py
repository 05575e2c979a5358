"""The history of a message in words: what each handler did to a site, from the innermost out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The names alone are needed: static analysis does not load the runtime.
    from numpyro_lint_runtime.protocol import Change, TracedSite

    Step = dict[str, Change]

_NONE = "none"


def history(site: TracedSite) -> list[str]:
    """What became of a site, a sentence for each handler that changed it, in order."""
    steps = list(_steps(site.history))
    told = [line for step in steps for line in _told(step)]
    return [*_beginning(site, steps), *told, *_end(site)]


def _steps(changes: Iterable[Change]) -> Iterator[Step]:
    """The changes that one handler made at once, by field."""
    step: Step = {}
    for change in changes:
        known = next(iter(step.values()), None)
        if known is not None and (known.handler != change.handler or change.field in step):
            yield step
            step = {}
        step[change.field] = change
    if step:
        yield step


def _beginning(site: TracedSite, steps: list[Step]) -> Iterator[str]:
    values = [step["value"] for step in steps if "value" in step]
    given = values[0].before != _NONE if values else site.value_from == "obs"
    if site.type == "sample" and given:
        yield "observed: obs= gives its value"
    elif site.type == "param" and (values or site.value_from == "init"):
        yield "starts at its initial value"


def _end(site: TracedSite) -> Iterator[str]:
    if site.type == "sample" and site.value_from == "prior":
        yield f"drawn from its prior {site.distribution or ''}".rstrip()
    elif site.type == "sample" and site.value_from == "lift":
        yield f"drawn from the {site.distribution or 'distribution'} that lift gives it"


def _told(step: Step) -> list[str]:
    handler = next(iter(step.values())).handler
    words = _WORDS.get(handler)
    if words is not None:
        return list(words(step))
    return [line for change in step.values() for line in _change(change)]


def _change(change: Change) -> Iterator[str]:
    """What a handler did that has no words of its own."""
    by, before, after = change.handler, change.before, change.after
    if change.field == "name":
        yield f"renamed by {by}: {before} -> {after}"
    elif change.field == "value":
        yield _set(by, change)
    elif change.field == "scale":
        yield _scaled(f"scaled by {by}", change)
    elif change.field == "stop":
        yield f"hidden by {by}"
    elif change.field == "infer":
        yield f"infer set by {by}: {after}"
    elif change.field in ("fn", "type"):
        what = "distribution" if change.field == "fn" else "type"
        yield f"{what} changed by {by}: {before} -> {after}"


def _set(by: str, change: Change) -> str:
    if change.after == _NONE:
        return f"its value is taken away by {by}"
    if change.before == _NONE:
        return f"set by {by} to {change.after}"
    return f"overwritten by {by}: {change.before} -> {change.after}"


def _scaled(said: str, change: Change) -> str:
    if change.before in (_NONE, "1.0"):
        return f"{said}: {change.after}"
    return f"{said}: {change.before} -> {change.after}"


def _plate(step: Step) -> Iterator[str]:
    for change in step.values():
        if change.field == "scale":
            yield _scaled("subsampled by plate, which scales it", change)
        elif change.field == "value":
            yield f"subsampled by plate: {change.before} -> {change.after}"


def _mask(step: Step) -> Iterator[str]:
    yield "masked by mask"


def _do(step: Step) -> Iterator[str]:
    value = step.get("value")
    yield f"intervened by do: set to {value.after}" if value else "intervened by do"
    if "name" in step:
        yield f"kept by do beside the site itself: {step['name'].before} -> {step['name'].after}"


def _replay(step: Step) -> Iterator[str]:
    if "value" in step:
        yield f"replayed: takes {step['value'].after} from the replayed trace"


def _uncondition(step: Step) -> Iterator[str]:
    yield "freed by uncondition: what it observes is drawn"


def _lift(step: Step) -> Iterator[str]:
    yield "lifted by lift: a param becomes a sample" if "type" in step else "lifted by lift"


def _reparam(step: Step) -> Iterator[str]:
    if step.get("type"):
        yield "reparameterised by reparam: becomes a deterministic of the sites that it makes"
    else:
        yield "reparameterised by reparam"


_WORDS: dict[str, Callable[[Step], Iterator[str]]] = {
    "plate": _plate,
    "mask": _mask,
    "do": _do,
    "replay": _replay,
    "uncondition": _uncondition,
    "lift": _lift,
    "reparam": _reparam,
}
