"""The report as people read it: tables of sites, what handlers do, findings with their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from numpyro_lint.check import Report
from numpyro_lint.cli import pilots
from numpyro_lint.cli.colour import Colour
from numpyro_lint.cli.excerpt import finding, width
from numpyro_lint.cli.formats import Outcome
from numpyro_lint.cli.models import HEADINGS, Detail, filled, how, many, particulars, rows
from numpyro_lint.cli.text_stacks import stacks
from numpyro_lint.document import statistics, summary
from numpyro_lint.model.program import Function
from numpyro_lint.text import where_of

_COUNTED = ("count", "rule", "severity", "fixable")


def render(outcome: Outcome, colour: Colour) -> str:
    """The whole report of a run, or what it comes to in numbers."""
    lines: list[str] = []
    if outcome.statistics:
        lines += _counts(outcome.reports, colour)
    else:
        for report in outcome.reports:
            shown = list(_file(report, colour, outcome.detail))
            if shown:
                lines += [*shown, ""]
    lines.append(f"{closing(outcome.reports)} ({outcome.seconds:.1f} s)")
    if outcome.traced_by and outcome.detail != "quiet":
        lines.append(outcome.traced_by)
    return "\n".join(lines)


def _counts(reports: Sequence[Report], colour: Colour) -> Iterator[str]:
    """`--statistics`: a line for each rule that has found something."""
    counts = statistics(reports)
    rows = [[str(each[key]) for key in _COUNTED] for each in counts]
    yield from table(rows, colour, _COUNTED)
    if rows:
        yield ""


def _file(report: Report, colour: Colour, detail: Detail) -> Iterator[str]:
    shown = [] if detail == "quiet" else report.module.models
    if not shown and not report.diagnostics:
        return
    yield colour.paint(report.source.path, "bold")
    for function in shown:
        yield ""
        yield from _model(report, function, colour, detail)
    told = [] if detail == "quiet" else list(stacks(report))
    if told:
        yield from ("", "  handlers", *(f"    {line}" for line in told))
    for each in report.diagnostics:
        yield ""
        yield from finding(each, report.source, colour)


def _model(report: Report, function: Function, colour: Colour, detail: Detail) -> Iterator[str]:
    trace = report.context.traces.get(function.key)
    where = report.source.location(function.span)
    title = f"  {function.role} {colour.paint(function.qualname, 'bold')} ({where_of(where)})"
    yield title + colour.paint(how(trace), "dim")
    if trace is not None:
        yield from particulars(trace, report.source, detail)
    yield from table(list(rows(report, function)), colour)
    if trace is not None and trace.pilots:
        yield ""
        yield from table(list(pilots.rows(trace)), colour, pilots.HEADINGS)
        yield from (f"    {line}" for line in pilots.verdicts(trace))


def table(
    rows: list[list[str]], colour: Colour, headings: Sequence[str] = HEADINGS
) -> Iterator[str]:
    """Rows under their headings, without the columns that are empty."""
    if not rows:
        return
    cells_of = filled(rows, headings)
    widths = [max(map(width, column)) for column in zip(*cells_of, strict=True)]
    for number, row in enumerate(cells_of):
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        line = "    " + "  ".join(cells).rstrip()
        yield colour.paint(line, "dim") if number == 0 else line


def closing(reports: Iterable[Report]) -> str:
    """What a run has read and found, summed up."""
    counts = summary(reports, 0.0)
    traced = f", {counts['traced']} traced" if counts["models"] else ""
    head = (
        f"{many(counts['files'], 'file')}, {many(counts['models'], 'model')}{traced}, "
        f"{many(counts['sites'], 'site')}"
    )
    found = [
        many(counts[key], word)
        for key, word in (
            ("errors", "error"),
            ("warnings", "warning"),
            ("infos", "info"),
            ("hints", "hint"),
        )
        if counts[key]
    ]
    tail = ", ".join(found) if found else "nothing found"
    held = f", {many(counts['held'], 'known finding')} held" if counts.get("held") else ""
    return f"{head}: {tail}{held}"
