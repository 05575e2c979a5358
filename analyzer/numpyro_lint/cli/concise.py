"""One line a finding: `path:line:column: severity[rule] message`."""

from __future__ import annotations

from collections.abc import Sequence

from numpyro_lint.check import Report


def render(reports: Sequence[Report]) -> str:
    lines = []
    for report in reports:
        for each in report.diagnostics:
            where = report.source.location(each.span)
            cell = "" if where.cell is None else f"cell {where.cell}:"
            place = f"{report.source.path}:{cell}{where.line}:{where.column}"
            lines.append(f"{place}: {each.severity.label}[{each.rule}] {each.message}")
    return "\n".join(lines)
