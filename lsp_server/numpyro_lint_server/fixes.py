"""The fixes of findings: those that they bring, and those that are written when asked for."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.check import check
from numpyro_lint.diagnostic import Diagnostic, Fix
from numpyro_lint.editor.ignore import ignored
from numpyro_lint.text import Source, Span
from numpyro_lint_server.analysis import Reading


def fixes(reading: Reading, place: Span) -> Iterator[tuple[Diagnostic, Fix]]:
    """The fixes of all findings that touch a place, and then the comments that set them aside."""
    found = [
        each
        for each in reading.report.diagnostics
        if each.span.start <= place.end and each.span.end >= place.start
    ]
    for each in found:
        fix = each.fix if each.rewrite is None else _written(reading, each)
        if fix is not None:
            yield each, fix
    for each in found:
        comment = ignored(reading.report.module, each)
        if comment is not None:
            yield each, comment


def _written(reading: Reading, finding: Diagnostic) -> Fix | None:
    """A fix that is written on demand, where a second reading finds that it holds."""
    key = (finding.rule, finding.span, finding.site)
    if key not in reading.fixes:
        reading.fixes[key] = _verified(reading, finding)
    return reading.fixes[key]


def _verified(reading: Reading, finding: Diagnostic) -> Fix | None:
    from numpyro_lint.fix import holds

    def read(source: Source) -> tuple[Diagnostic, ...]:
        return check(source, reading.inputs.settings).diagnostics

    fix = finding.rewrite() if finding.rewrite is not None else None
    found = reading.report.diagnostics
    if fix is None or not holds(reading.source, found, (finding, fix), read):
        return None
    return fix
