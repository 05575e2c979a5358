"""Names that a trace has met twice, and what has brought them together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.record import record
from numpyro_lint.text import Span

Kind = Literal["duplicate", "type", "scope", "made", "helper", "loop"]
_ONCE = frozenset({"sample", "deterministic"})
_TYPES = _ONCE | {"param", "plate"}


@record
class Repeated:
    """Two traced sites of one name. `kind` is as in `Collision`; a `loop` has come to one place
    twice by the same calls. `first_at` and `at` are where that is to be told."""

    kind: Kind
    first: Joined
    second: Joined
    first_at: Span
    at: Span


def kind_of(joined: Joined) -> str:
    """The type of a traced site as NumPyro's trace has it: a factor is a sample."""
    kind = joined.traced.type
    return "sample" if kind == "factor" else kind


def repeated(trace: Attached | None) -> Iterator[Repeated]:
    """The sites whose name an earlier one already has in NumPyro's trace."""
    first: dict[str, Joined] = {}
    for joined in trace.sites if trace is not None else ():
        traced = joined.traced
        if kind_of(joined) not in _TYPES or traced.hidden or joined.span is None:
            continue
        earlier = first.setdefault(traced.name, joined)
        if earlier is not joined and (found := _repeated(earlier, joined)) is not None:
            yield found


def _repeated(first: Joined, second: Joined) -> Repeated | None:
    assert first.span is not None
    assert second.span is not None
    if kind_of(first) == kind_of(second) and kind_of(first) not in _ONCE:
        return None
    if is_added(first) != is_added(second):
        return Repeated("made", first, second, first.span, second.span)
    if kind_of(first) != kind_of(second):
        return Repeated("type", first, second, first.span, second.span)
    if first.span != second.span:
        scoped = first.traced.name_as_written != second.traced.name_as_written
        kind: Kind = "scope" if scoped or _is_scoped(second) else "duplicate"
        return Repeated(kind, first, second, first.span, second.span)
    return _at_one_place(first, second, first.span)


def _at_one_place(first: Joined, second: Joined, span: Span) -> Repeated | None:
    """One call of a primitive that is reached twice: by two calls, or by one in a loop."""
    if _is_scoped(second):
        return Repeated("scope", first, second, span, span)
    for before, after in zip(first.calls, second.calls, strict=False):
        if before != after:
            if before is None or after is None:
                return None
            return Repeated("helper", first, second, before, after)
    if len(first.calls) != len(second.calls) or second.site is None:
        return None
    if second.site.place.loops:
        return Repeated("loop", first, second, span, span)
    call = second.calls[-1] if second.calls else None
    return Repeated("helper", first, second, call, call) if call is not None else None


def is_added(joined: Joined) -> bool:
    """Whether a handler, or `obs_mask`, has added the site: it has not the name that is written."""
    written = joined.site.name.literal if joined.site is not None else None
    return written is not None and joined.traced.name_as_written != written


def _is_scoped(joined: Joined) -> bool:
    return joined.traced.name != joined.traced.name_as_written
