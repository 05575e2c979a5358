"""The graph of a model, or of a stack, of a report."""

from __future__ import annotations

from numpyro_lint.check import Report
from numpyro_lint.model.attach import Attached, reason_of
from numpyro_lint.model.program import Function, Stack
from numpyro_lint.pictures.graph import Graph
from numpyro_lint.pictures.traced import traced
from numpyro_lint.pictures.written import written
from numpyro_lint.text import where_of


def picture_of(report: Report, about: Function | Stack, file: str = "") -> Graph:
    """What a model is, by its trace where there is one and by its text otherwise.

    `file` is what the picture calls the file, by default its path.
    """
    source, context = report.source, report.context
    if isinstance(about, Stack):
        trace, prediction = context.stacks.get(about), context.prediction(about)
        parts = [handler.kind for handler in about.handlers]
        title = "".join(f"{part}(" for part in parts) + about.model.display + ")" * len(parts)
    else:
        trace, prediction = context.traces.get(about.key), context.bare(about)
        title = about.qualname
    where = f"{file or source.path}, {where_of(source.location(about.span))}"
    if trace is not None and trace.ok:
        return traced(trace, title, f"{where}: traced{_with(trace)}")
    return written(prediction, title, f"{where}: as the text tells it, not traced")


def untraced(report: Report, about: Function | Stack) -> str:
    """Why there is no trace of a model or stack; empty where there is one."""
    traces = report.context
    trace = traces.stacks.get(about) if isinstance(about, Stack) else traces.traces.get(about.key)
    if trace is None:
        return "it was not tried"
    return "" if trace.ok else reason_of(trace.result.failure)


def _with(trace: Attached) -> str:
    return "" if trace.is_users else " with made-up arguments"
