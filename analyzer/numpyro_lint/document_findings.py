"""Findings as the JSON of INTERFACE, and the places in it."""

from __future__ import annotations

from typing import Any

from numpyro_lint.diagnostic import Diagnostic, Fix, fix_of
from numpyro_lint.text import Source, Span

Json = dict[str, Any]


def place(source: Source, span: Span) -> Json:
    """Where a span stands, in whatever file of the project."""
    where = source.location(span)
    return {
        "path": source.home(span.start).source.path,
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
        "cell": where.cell,
    }


def diagnostic(each: Diagnostic, source: Source) -> Json:
    return {
        "rule": each.rule,
        "category": each.category.value,
        "severity": each.severity.label,
        "message": each.message,
        **place(source, each.span),
        "site": each.site,
        "model": each.model,
        "source": each.source.value,
        "evidence": None if each.evidence is None else dict(each.evidence),
        "related": [
            {
                "path": where["path"],
                "cell": where["cell"],
                "line": where["line"],
                "column": where["column"],
                "message": related.message,
            }
            for related in each.related
            for where in [place(source, related.span)]
        ],
        "fix": None if (mend := fix_of(each)) is None else fix(mend, source),
    }


def fix(each: Fix, source: Source) -> Json:
    return {
        "title": each.title,
        "applicability": each.applicability.value,
        "edits": [{**place(source, edit.span), "text": edit.text} for edit in each.edits],
    }
