"""The report as people read it: tables of sites, what handlers do, findings with their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from numpyro_lint.check import Report
from numpyro_lint.cli import pilots
from numpyro_lint.cli.colour import Colour
from numpyro_lint.cli.excerpt import finding, width
from numpyro_lint.cli.text_stacks import stacks
from numpyro_lint.document import status, summary
from numpyro_lint.model.attach import Attached, Joined, lacking_of, reason_of
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Frame
from numpyro_lint.model.program import Function
from numpyro_lint.text import Source, Span, where_of

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import ValueResult

Detail = Literal["quiet", "normal", "verbose"]
_HEADINGS = ("site", "type", "status", "distribution", "shape", "plates", "line")
_WIDEST = 44


def render(reports: Sequence[Report], seconds: float, colour: Colour, detail: Detail) -> str:
    """The whole report of a run."""
    lines: list[str] = []
    for report in reports:
        shown = list(_file(report, colour, detail))
        if shown:
            lines += [*shown, ""]
    lines.append(closing(reports, seconds))
    return "\n".join(lines)


def _file(report: Report, colour: Colour, detail: Detail) -> Iterator[str]:
    models = [] if detail == "quiet" else _models(report)
    if not models and not report.diagnostics:
        return
    yield colour.paint(report.source.path, "bold")
    for function in models:
        yield ""
        yield from _model(report, function, colour, detail)
    if detail != "quiet":
        yield from stacks(report)
    for each in report.diagnostics:
        yield ""
        yield from finding(each, report.source, colour)


def _models(report: Report) -> list[Function]:
    return [
        function
        for function in report.module.functions.values()
        if function.role in ("model", "guide") and function.name != "<lambda>"
    ]


def _model(report: Report, function: Function, colour: Colour, detail: Detail) -> Iterator[str]:
    trace = report.context.traces.get(function.key)
    where = report.source.location(function.span)
    title = f"  {function.role} {colour.paint(function.qualname, 'bold')} ({where_of(where)})"
    yield title + colour.paint(how(trace), "dim")
    if trace is not None:
        yield from particulars(trace, report.source, detail)
    rows = list(_rows(report, function, trace))
    yield from table(rows, colour)
    if trace is not None and trace.pilots:
        yield ""
        yield from table(list(pilots.rows(trace)), colour, pilots.HEADINGS)
        yield from (f"    {line}" for line in pilots.verdicts(trace))


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
        for lost in result.lost:
            yield f"    not told: {' '.join(lost.split())}"
        if trace.values is not None:
            yield f"    {_valued(trace.values)}, {trace.values.seconds * 1000:.0f} ms"


def _valued(values: ValueResult) -> str:
    """How many draws and starting points of a model were looked at, or why none were."""
    if values.failure is not None:
        return f"no values: {reason_of(values.failure)}"
    if values.mode == "concrete":
        return "values: one draw, not compiled"
    return (
        f"values: {_many(values.draws, 'prior draw')}, log density and gradient finite at "
        f"{values.valid} of {_many(values.starts, 'starting point')}"
    )


def _rows(report: Report, function: Function, trace: Attached | None) -> Iterator[list[str]]:
    source = report.source
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


def table(
    rows: list[list[str]], colour: Colour, headings: Sequence[str] = _HEADINGS
) -> Iterator[str]:
    """Rows under their headings, without the columns that are empty."""
    if not rows:
        return
    used = [i for i in range(len(headings)) if any(row[i] for row in rows)]
    cells_of = [[headings[i] for i in used], *([row[i] for i in used] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*cells_of, strict=True)]
    for number, row in enumerate(cells_of):
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        line = "    " + "  ".join(cells).rstrip()
        yield colour.paint(line, "dim") if number == 0 else line


def closing(reports: Iterable[Report], seconds: float) -> str:
    """The line that sums a run up."""
    counts = summary(reports, seconds)
    traced = f", {counts['traced']} traced" if counts["models"] else ""
    head = (
        f"{_many(counts['files'], 'file')}, {_many(counts['models'], 'model')}{traced}, "
        f"{_many(counts['sites'], 'site')}"
    )
    found = [
        _many(counts[key], word)
        for key, word in (
            ("errors", "error"),
            ("warnings", "warning"),
            ("infos", "info"),
            ("hints", "hint"),
        )
        if counts[key]
    ]
    tail = ", ".join(found) if found else "nothing found"
    return f"{head}: {tail} ({seconds:.1f} s)"


def _many(count: int, word: str) -> str:
    plural = word if word == "info" or count == 1 else f"{word}s"
    return f"{count} {plural}"
