"""What the trace shows of each site, to be put after its call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from numpyro_lint.context import Context
from numpyro_lint.record import record
from numpyro_lint.text import ELSEWHERE, Span

if TYPE_CHECKING:
    from numpyro_lint_runtime.sites import Plate, TracedSite

# The passes of a loop and the calls of a helper may each have another shape.
_MOST = 2


@record
class Hint:
    """A few words for the place after a site's call."""

    offset: int
    text: str


def hints(context: Context, within: Span) -> tuple[Hint, ...]:
    """The shapes of the sites in a part of a file, whether they are observed, and their plates.

    By traces with arguments of the user's own: other shapes mean nothing.
    """
    told: dict[int, dict[str, None]] = {}
    for trace in context.traces.values():
        if not (trace.ok and trace.is_users):
            continue
        plates = {plate.name: plate for each in trace.sites for plate in each.traced.plates}
        for joined in trace.sites:
            span, text = joined.span, " ".join(_words(joined.traced, plates))
            if span is not None and text and within.start <= span.end <= within.end:
                if span.start < ELSEWHERE:
                    told.setdefault(span.end, {})[text] = None
    return tuple(Hint(offset, _either(list(told[offset]))) for offset in sorted(told))


def _either(texts: list[str]) -> str:
    more = ["..."] if len(texts) > _MOST else []
    return " or ".join([*texts[:_MOST], *more])


def _words(traced: TracedSite, plates: Mapping[str, Plate]) -> Iterator[str]:
    if traced.type == "plate" and traced.name in plates:
        plate = plates[traced.name]
        yield f"size {plate.size}, dim {plate.dim}"
    elif traced.shape is not None and traced.type in ("sample", "deterministic", "param"):
        yield str(tuple(traced.shape))
        if traced.observed:
            yield "observed"
        if traced.plates:
            yield f"in {', '.join(plate.name for plate in traced.plates)}"
