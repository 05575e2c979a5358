"""What is said of a model: how it was traced, with what, and its sites as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from numpyro_lint.check import Report
from numpyro_lint.document import status
from numpyro_lint.model.attach import Attached, Joined, lacking_of, reason_of
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Frame
from numpyro_lint.model.program import Function
from numpyro_lint.text import Source, Span

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import ValueResult

Detail = Literal["quiet", "normal", "verbose"]
HEADINGS = ("site", "type", "status", "distribution", "shape", "plates", "line")
_WIDEST = 44


def how(trace: Attached | None) -> str:
    """How a model was traced, in a few words."""
    if trace is None:
        return ", not traced"
    if not trace.ok:
        return f", not traced: {reason_of(trace.result.failure)}"
    given = {
        "comment": "with the arguments of its comment",
        "config": "with the configured arguments",
        "call": "as it is called in this file",
        "captured": "as the program called it",
        "none": "without arguments",
        "synthesized": "with made-up arguments",
    }
    return f", traced {given.get(trace.origin.kind, '')}".rstrip()


def particulars(trace: Attached, source: Source, detail: Detail) -> Iterator[str]:
    """With what a model was traced, where nobody wrote it, and more where all is wanted."""
    result = trace.result
    if trace.lacking is not None:
        said = [lacking_of(trace.lacking, source), trace.lacking.advice]
        yield f"    ({'; '.join(filter(None, said))})"
    if detail == "verbose" or not trace.is_users:
        for name, expression in trace.origin.values:
            yield f"    {name} = {' '.join(expression.split())}"
    if detail == "verbose":
        yield f"    seed {result.seed}, {result.mode}, {result.seconds * 1000:.0f} ms"
        yield from _not_told(result.lost)
        if trace.values is not None:
            yield f"    {_valued(trace.values)}, {trace.values.seconds * 1000:.0f} ms"
            unsettled = trace.values.unsettled
            asked = (f"what the data say of an element: {unsettled}",) if unsettled else ()
            yield from _not_told((*asked, *trace.values.lost))


def _not_told(lost: Iterable[str]) -> Iterator[str]:
    return (f"    not told: {' '.join(each.split())}" for each in lost)


def _valued(values: ValueResult) -> str:
    """How many draws and starting points of a model were looked at, or why none were."""
    if values.failure is not None:
        return f"no values: {reason_of(values.failure)}"
    if values.mode == "concrete":
        return "values: one draw, not compiled"
    return (
        f"values: {many(values.draws, 'prior draw')}, log density and gradient finite at "
        f"{values.valid} of {many(values.starts, 'starting point')}"
    )


def rows(report: Report, function: Function) -> Iterator[list[str]]:
    """The sites of a model under `HEADINGS`: by its trace, or else by its text."""
    source, trace = report.source, report.context.traces.get(function.key)
    if trace is not None and trace.ok:
        for joined in trace.sites:
            if joined.traced.type not in ("prng_key", "subsample", "control_flow"):
                yield _traced_row(joined, source)
        return
    for step in report.context.bare(function).executions:
        if step.site.kind not in ("prng_key", "subsample"):
            yield _static_row(step, source)


def _traced_row(joined: Joined, source: Source) -> list[str]:
    site = joined.traced
    said = site.type
    if site.type == "sample":
        said = "observed" if site.observed else "latent"
        if site.value_from not in (None, "obs", "prior"):
            said += f" by {site.value_from}" if site.observed else f", {site.value_from}"
    text = joined.site.text if joined.site else None
    renamed = site.name != (joined.site.name.literal if joined.site else None)
    dist = site.distribution or "" if renamed or text is None else _short(text)
    if site.type != "sample":
        dist = ""
    return [
        site.name,
        site.type,
        "hidden" if site.hidden else said,
        dist,
        "" if site.shape is None else str(tuple(site.shape)),
        ", ".join(plate.name for plate in site.plates),
        line_in(source, joined.span),
    ]


def _static_row(step: Execution, source: Source) -> list[str]:
    plates = [active.name.glob for active in step.active if isinstance(active.frame, Frame)]
    said = status(step) + (", maybe" if step.conditional else "")
    text = _short(step.site.text or "")
    return [
        step.name.glob or "?",
        step.site.kind,
        said,
        text,
        "",
        ", ".join(plates),
        line_in(source, step.site.span),
    ]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDEST else flat[: _WIDEST - 3] + "..."


def line_in(source: Source, span: Span | None) -> str:
    if span is None:
        return ""
    where = source.location(span)
    return str(where.line) if where.cell is None else f"{where.cell}:{where.line}"


def filled(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> list[list[str]]:
    """Headings and rows, without the columns in which nothing stands."""
    used = [i for i in range(len(headings)) if any(row[i] for row in rows)]
    return [[row[i] for i in used] for row in (headings, *rows)]


def many(count: int, word: str) -> str:
    """So many of something, in words."""
    plural = word if word == "info" or count == 1 else f"{word}s"
    return f"{count} {plural}"
