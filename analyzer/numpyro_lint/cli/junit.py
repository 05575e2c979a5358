"""`--output-format junit`: the XML that Jenkins and others read as results of tests.

A file is a suite of tests. A finding is a test in it, which fails where the finding would fail the
run and else passes with the message as its output; a file without findings has one test that
passes. Names do not have lines in them, so that the history of a test goes on when lines move.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from numpyro_lint.check import Report
from numpyro_lint.cli.formats import Outcome
from numpyro_lint.cli.places import relative
from numpyro_lint.diagnostic import Diagnostic, Severity, fix_of, line_of

# What XML 1.0 cannot hold, in whatever spelling.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INTERNAL = "internal-error"


def render(outcome: Outcome) -> str:
    """The whole document."""
    suites = [_suite(report, outcome.fail_on) for report in outcome.reports]
    whole = _element("testsuites", name="numpyro-lint", time=f"{outcome.seconds:.3f}")
    for key in ("tests", "failures", "errors"):
        whole.set(key, str(sum(int(suite.get(key, 0)) for suite in suites)))
    whole.extend(suites)
    ElementTree.indent(whole, " ")
    text = ElementTree.tostring(whole, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(report: Report, fail_on: Severity) -> Element:
    path = relative(report.source.path)
    tests = list(_tests(report, path, fail_on))
    kinds = Counter(child.tag for test in tests for child in test)
    suite = _element(
        "testsuite",
        name=path,
        tests=str(len(tests)),
        failures=str(kinds["failure"]),
        errors=str(kinds["error"]),
    )
    suite.extend(tests)
    return suite


def _tests(report: Report, path: str, fail_on: Severity) -> Iterator[Element]:
    if not report.diagnostics:
        yield _element("testcase", classname=path, name="nothing found")
    names = Counter[str]()
    for each in report.diagnostics:
        name = _name(each)
        names[name] += 1
        number = f" ({names[name]})" if names[name] > 1 else ""
        test = _element("testcase", classname=path, name=name + number)
        told = "\n".join(_told(each, report))
        if each.rule == INTERNAL or each.severity >= fail_on:
            tag = "error" if each.rule == INTERNAL else "failure"
            test.append(_element(tag, told, type=each.severity.label, message=each.message))
        else:
            test.append(_element("system-out", told))
        yield test


def _name(each: Diagnostic) -> str:
    site = f" '{each.site}'" if each.site else ""
    model = f" in {each.model}" if each.model else ""
    return each.rule + site + model


def _told(each: Diagnostic, report: Report) -> Iterator[str]:
    yield line_of(report.source, each)
    fix = fix_of(each)
    if fix is not None:
        yield f"fix ({fix.applicability.value}): {fix.title}"


def _element(tag: str, text: str | None = None, **attributes: str) -> Element:
    made = Element(tag, {key: _allowed(value) for key, value in attributes.items()})
    made.text = None if text is None else _allowed(text)
    return made


def _allowed(text: str) -> str:
    """A text with escapes for what XML cannot hold, such as control characters."""
    return _FORBIDDEN.sub(lambda match: ascii(match[0])[1:-1], text)
