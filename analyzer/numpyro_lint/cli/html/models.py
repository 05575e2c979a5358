"""A model on the page: its sites, its picture, and its runs of NUTS."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from numpyro_lint.check import Report
from numpyro_lint.cli import pilots
from numpyro_lint.cli.html.parts import code, table, texts
from numpyro_lint.cli.models import HEADINGS, Detail, how, particulars, rows
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.program import Function
from numpyro_lint.pictures.layout import Undrawable
from numpyro_lint.pictures.markup import tag, text
from numpyro_lint.pictures.models import picture_of
from numpyro_lint.pictures.page import figure
from numpyro_lint.pictures.pilots import plot_of
from numpyro_lint.pictures.plot import plot_svg
from numpyro_lint.pictures.svg import svg
from numpyro_lint.text import Span, where_of


def model(report: Report, function: Function, file: str, detail: Detail) -> str:
    """A model of a file, whose id begins the ids in it."""
    trace = report.context.traces.get(function.key)
    where = where_of(report.source.location(function.span))
    inside = [
        tag("h3", f"{function.role} ", tag("code", text(function.qualname))),
        tag("p", text(f"{where}{how(trace)}"), class_="faint"),
    ]
    if trace is not None:
        said = [line.strip() for line in particulars(trace, report.source, detail)]
        inside += [code(text("\n".join(said)), class_="wrapped")] if said else []
    label = f"sites of {function.qualname}"
    inside.append(table(HEADINGS, texts(list(rows(report, function))), label, class_="sites"))
    if trace is not None and trace.ok:
        inside += _picture(report, function, file)
    if trace is not None:
        inside += _runs(trace, file)
    return tag("article", *inside, id=model_key(file, function.key), class_="model")


def model_key(file: str, function: int) -> str:
    """The id of a model of a file."""
    return f"{file}-model-{function}"


def _picture(report: Report, function: Function, file: str) -> Iterator[str]:
    # What it takes is said once, at the head of the page.
    with contextlib.suppress(Undrawable):
        yield figure(svg(picture_of(report, function), model_key(file, function.key)))


def runs_key(file: str, trace: Attached, span: Span) -> str:
    """The id of the runs of NUTS for the sites at a place of a model."""
    return f"{model_key(file, trace.function)}-runs-{span.start}"


def _runs(trace: Attached, file: str) -> Iterator[str]:
    """What short runs in both forms say: the verdict, the figures, and the draws."""
    for (span, result), (names, _) in zip(trace.pilots, pilots.runs(trace), strict=True):
        key = runs_key(file, trace, span)
        told = pilots.verdict(names, result)
        inside = [
            tag("h4", text(f"{names} in both forms, by short runs of NUTS")),
            tag("p", text(told[:1].upper() + told[1:])),
            table(pilots.HEADINGS, texts(list(pilots.rows_of(names, result))), f"runs of {names}"),
        ]
        plot = plot_of(result)
        if plot is not None:
            inside.append(figure(plot_svg(plot, f"{key}-plot")))
        yield tag("section", *inside, id=key, class_="runs")
