"""`--output-format html`: all of a run on a page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpyro_lint
from numpyro_lint.check import Report
from numpyro_lint.cli.html.findings import finding
from numpyro_lint.cli.html.models import model, model_key
from numpyro_lint.cli.html.parts import fold, pairs, table
from numpyro_lint.cli.html.rules import explained
from numpyro_lint.cli.html.style import STYLE
from numpyro_lint.cli.models import Detail, many
from numpyro_lint.cli.text import closing
from numpyro_lint.cli.text_stacks import told
from numpyro_lint.document import summary
from numpyro_lint.model.program import Function
from numpyro_lint.pictures.layout import NEEDED, can_lay_out
from numpyro_lint.pictures.markup import tag, text
from numpyro_lint.pictures.page import page

_COUNTS = ("errors", "warnings", "infos", "hints")


def render(reports: Sequence[Report], traced_by: str, detail: Detail) -> str:
    """The page. `traced_by` says what traced the models; empty where none was."""
    paths = [report.source.path for report in reports]
    title = f"numpyro-lint: {paths[0] if len(paths) == 1 else many(len(paths), 'file')}"
    files = [_file(report, number, detail) for number, report in enumerate(reports)]
    return page(
        title,
        tag("header", tag("h1", text(title)), *_head(reports, traced_by)),
        tag(
            "main",
            _overview(reports, files),
            *files,
            explained({each.rule for report in reports for each in report.diagnostics}),
        ),
        tag("footer", tag("p", text(f"numpyro-lint {numpyro_lint.__version__}"))),
        style=STYLE,
    )


def _head(reports: Sequence[Report], traced_by: str) -> Iterator[str]:
    yield tag("p", text(closing(reports)), class_="closing")
    if traced_by:
        yield tag("p", text(traced_by), class_="faint")
        if not can_lay_out():
            yield tag("p", text(f"There are no pictures of the models: they need {NEEDED}"))


def _overview(reports: Sequence[Report], files: Sequence[str]) -> str:
    """What was found in each file, as a table with a row for each."""
    if len(reports) < 2:
        return ""
    rows = []
    for number, (report, shown) in enumerate(zip(reports, files, strict=True)):
        counts = summary([report], 0.0)
        path = text(report.source.path)
        cells = [tag("a", path, href=f"#file-{number}") if shown else path]
        cells += [_traced(counts["models"], counts["traced"])]
        cells += [str(counts[key] or "") for key in _COUNTS]
        rows.append(cells)
    return table(("file", "models", *_COUNTS), rows, "files", class_="overview", numbers=4)


def _traced(count: int, traced: int) -> str:
    if not count:
        return ""
    return f"{count}, traced" if traced == count else f"{count}, {traced} traced"


def _file(report: Report, number: int, detail: Detail) -> str:
    """A file with what was found in it, and its models; empty where it has neither."""
    shown = [] if detail == "quiet" else report.module.models
    if not shown and not report.diagnostics:
        return ""
    key = f"file-{number}"
    inside = [tag("h2", text(report.source.path)), *_links(report.source.path, key, shown)]
    if not report.diagnostics:
        inside.append(tag("p", "Nothing found.", class_="faint"))
    runs = None if detail == "quiet" else key
    inside += [finding(each, report, runs) for each in report.diagnostics]
    inside += [model(report, each, key, detail) for each in shown]
    if detail != "quiet":
        inside += _stacks(report)
    return tag("section", *inside, id=key, class_="file")


def _links(path: str, key: str, models: Sequence[Function]) -> Iterator[str]:
    """The way to each model of a file with several."""
    if len(models) > 1:
        links = (
            tag("li", tag("a", text(each.qualname), href=f"#{model_key(key, each.key)}"))
            for each in models
        )
        yield tag("nav", tag("ul", *links), aria_label=f"models of {path}")


def _stacks(report: Report) -> Iterator[str]:
    """What becomes of the sites in each handler stack."""
    shown = [tag("h3", text(head)) + pairs(outcomes) for head, outcomes in told(report)]
    if shown:
        yield fold("What the handlers do", tag("div", *shown, class_="stacks"))
