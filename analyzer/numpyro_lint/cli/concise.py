"""One line a finding: `path:line:column: severity[rule] message`."""

from __future__ import annotations

from collections.abc import Sequence

from numpyro_lint.check import Report
from numpyro_lint.diagnostic import line_of


def render(reports: Sequence[Report]) -> str:
    return "\n".join(line_of(r.source, each) for r in reports for each in r.diagnostics)
