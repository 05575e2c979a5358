"""The fixes of findings: those that they bring, and those that are written when asked for."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.check import check
from numpyro_lint.diagnostic import Diagnostic, Fix
from numpyro_lint.editor.ignore import ignored
from numpyro_lint.fix import Reader
from numpyro_lint.text import Source, Span
from numpyro_lint_server.analysis import Reading

# The name under which all safe fixes are kept, which is no rule's.
_ALL = ""


def fixes(reading: Reading, place: Span) -> Iterator[tuple[Diagnostic, Fix]]:
    """The fixes of all findings that touch a place."""
    for each in _touching(reading, place):
        fix = each.fix if each.rewrite is None else _written(reading, each)
        if fix is not None:
            yield each, fix


def fixes_of_rules(reading: Reading, place: Span) -> Iterator[Fix]:
    """For each rule whose findings touch a place, the fixes of all of them in the text."""
    for rule in dict.fromkeys(each.rule for each in _touching(reading, place)):
        fix = _all(reading, rule)
        if fix is not None:
            yield fix


def ignores(reading: Reading, place: Span) -> Iterator[tuple[Diagnostic, Fix]]:
    """The comments that set aside the findings that touch a place."""
    for each in _touching(reading, place):
        comment = ignored(reading.report.module, each)
        if comment is not None:
            yield each, comment


def safe_fixes(reading: Reading) -> Fix | None:
    """All safe fixes of a text, where there are any."""
    return _all(reading, _ALL)


def _touching(reading: Reading, place: Span) -> list[Diagnostic]:
    return [
        each
        for each in reading.report.diagnostics
        if each.span.start <= place.end and each.span.end >= place.start
    ]


def _all(reading: Reading, rule: str) -> Fix | None:
    from numpyro_lint.editor.fix_all import fix_all, fix_rule

    if rule not in reading.all_fixes:
        source, found, read = reading.source, reading.report.diagnostics, _reader(reading)
        fix = fix_rule(source, found, read, rule) if rule else fix_all(source, found, read)
        reading.all_fixes[rule] = fix
    return reading.all_fixes[rule]


def _written(reading: Reading, finding: Diagnostic) -> Fix | None:
    """A fix that is written on demand, where a second reading finds that it holds."""
    key = (finding.rule, finding.span, finding.site)
    if key not in reading.fixes:
        reading.fixes[key] = _verified(reading, finding)
    return reading.fixes[key]


def _verified(reading: Reading, finding: Diagnostic) -> Fix | None:
    from numpyro_lint.fix import holds

    fix = finding.rewrite() if finding.rewrite is not None else None
    found = reading.report.diagnostics
    if fix is None or not holds(reading.source, found, (finding, fix), _reader(reading)):
        return None
    return fix


def _reader(reading: Reading) -> Reader:
    """What finds in another text what its text alone tells."""
    inputs = reading.inputs

    def read(source: Source) -> tuple[Diagnostic, ...]:
        return check(source, inputs.settings, project=inputs.project).diagnostics

    return read
