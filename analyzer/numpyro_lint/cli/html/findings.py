"""A finding on the page: what, where, its evidence, and its fix as a diff."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.check import Report
from numpyro_lint.cli.differences import differences
from numpyro_lint.cli.excerpt import excerpt, note
from numpyro_lint.cli.html.evidence import evidence
from numpyro_lint.cli.html.models import runs_key
from numpyro_lint.cli.html.parts import code, fold
from numpyro_lint.diagnostic import Diagnostic, fix_of
from numpyro_lint.model.piloted import pilot_at
from numpyro_lint.pictures.markup import tag, text
from numpyro_lint.rewrite.edits import changed
from numpyro_lint.rules import page_of
from numpyro_lint.text import Source

_MARKS = {"+": "added", "-": "removed", "@": "place"}


def finding(each: Diagnostic, report: Report, file: str | None) -> str:
    """A finding of a file, whose id `file` begins that of its runs of NUTS, if they are shown."""
    level, source = each.severity.label, report.source
    rule = text(each.rule)
    page = page_of(each.rule)
    head = tag(
        "h3",
        tag("span", level, class_="level"),
        " ",
        rule if page is None else tag("a", rule, href=page),
    )
    return tag(
        "article",
        head,
        tag("p", text(each.message)),
        _excerpt(each, source),
        *_notes(each, source),
        *evidence(each.evidence or {}),
        *(_runs(each, report, file) if file else ()),
        *_fix(each, source),
        class_=f"finding {level}",
    )


def _excerpt(each: Diagnostic, source: Source) -> str:
    shown = excerpt(source, each.span)
    line = [
        tag("span", f"{shown.line} | ", class_="faint"),
        text(shown.before),
        tag("mark", text(shown.marked)),
        text(shown.after),
    ]
    return tag("p", text(shown.place), class_="where") + code(*line, class_="wrapped")


def _notes(each: Diagnostic, source: Source) -> Iterator[str]:
    if each.related:
        notes = (tag("li", text(note(source, related))) for related in each.related)
        yield tag("ul", *notes, class_="notes")


def _runs(each: Diagnostic, report: Report, file: str) -> Iterator[str]:
    """A link to the runs of NUTS that settled a finding, with the model that they are of."""
    if "verify" not in (each.evidence or {}):
        return
    traces = (report.context.traces.get(function.key) for function in report.module.models)
    trace = next((trace for trace in traces if pilot_at(trace, each.span)), None)
    if trace is not None:
        key = runs_key(file, trace, each.span)
        yield tag("p", tag("a", "The runs of NUTS in both forms", href=f"#{key}"))


def _fix(each: Diagnostic, source: Source) -> Iterator[str]:
    fix = fix_of(each)
    if fix is None:
        return
    lines = differences(source, changed(source, fix.edits))
    diff = code(*map(_marked, lines), class_="diff")
    yield fold(text(f"fix ({fix.applicability.value}): {fix.title}"), diff, is_open=True)


def _marked(line: str) -> str:
    kind = _MARKS.get(line[0])
    kind = "faint" if line.startswith(("---", "+++")) else kind
    return tag("span", text(line), class_=kind) if kind else text(line)
