"""`--output-format gitlab`: a Code Quality report, which GitLab shows in merge requests.

As https://docs.gitlab.com/ci/testing/code_quality has it. A finding that GitLab cannot be told the
line of, in a notebook that has changed since it was read, is put on the first.
"""

from __future__ import annotations

import json
from typing import Any

from numpyro_lint.check import Report
from numpyro_lint.cli.fingerprints import fingerprints
from numpyro_lint.cli.formats import Outcome
from numpyro_lint.cli.places import Files, relative
from numpyro_lint.diagnostic import Diagnostic, Severity
from numpyro_lint.text import where_of

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.INFO: "minor",
    Severity.HINT: "info",
}


def render(outcome: Outcome) -> str:
    """A list of the findings."""
    files = Files(outcome.given)
    found = [
        _finding(each, fingerprint, report, files)
        for report in outcome.reports
        for each, fingerprint, is_held in fingerprints(report)
        if not is_held
    ]
    return json.dumps(found, indent=1, ensure_ascii=False)


def _finding(each: Diagnostic, fingerprint: str, report: Report, files: Files) -> dict[str, Any]:
    source = report.source
    where, shown = files.location(source, each.span), source.location(each.span)
    cell = "" if shown.cell is None else f" ({where_of(shown)})"
    return {
        "description": each.message + cell,
        "check_name": each.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[each.severity],
        "location": {
            "path": relative(source.home(each.span.start).source.path),
            "lines": {
                "begin": where.line if where else 1,
                "end": where.end_line if where else 1,
            },
        },
    }
