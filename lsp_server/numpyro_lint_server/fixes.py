"""The fixes of findings: those that they bring, and those that are written when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from numpyro_lint.check import check
from numpyro_lint.diagnostic import Diagnostic, Fix
from numpyro_lint.record import replace
from numpyro_lint.text import Source, Span
from numpyro_lint_server.analysis import Reading


def fixes(reading: Reading, place: Span) -> Iterator[tuple[Diagnostic, Fix]]:
    """The fixes of all findings that touch a place."""
    for each in reading.report.diagnostics:
        if each.span.start > place.end or each.span.end < place.start:
            continue
        if each.fix is not None:
            yield each, each.fix
        elif each.rule == "funnel":
            fix = _decentred(reading, each)
            if fix is not None:
                yield each, fix


def _decentred(reading: Reading, funnel: Diagnostic) -> Fix | None:
    key = (funnel.span, funnel.site)
    if key not in reading.fixes:
        reading.fixes[key] = _written(reading, funnel)
    return reading.fixes[key]


def _written(reading: Reading, funnel: Diagnostic) -> Fix | None:
    """The non-centred form of a funnel's model, where a second reading finds the funnel gone."""
    from numpyro_lint.rewrite import applied, reparam_fix

    definition = _definition(reading, funnel)
    reparam = (funnel.evidence or {}).get("reparam")
    if definition is None or reparam is None or funnel.site is None or "*" in funnel.site:
        return None
    source = reading.source
    fix = reparam_fix(source, definition, {funnel.site: reparam})
    if fix is None:
        return None
    text = applied(source.text, fix.edits)
    found = check(_changed(source, fix, text), reading.inputs.settings).diagnostics
    before = Counter((each.rule, each.site) for each in reading.report.diagnostics)
    after = Counter((each.rule, each.site) for each in found)
    mended = after[funnel.rule, funnel.site] < before[funnel.rule, funnel.site]
    return fix if mended and after <= before else None


def _definition(reading: Reading, funnel: Diagnostic) -> int | None:
    """The model that a funnel was found in: of several with its name, the one around it."""
    named = [each for each in reading.models if each.name == funnel.model]
    around = [each for each in named if each.span.contains(funnel.span.start)]
    chosen = around or named
    return chosen[-1].key if chosen else None


def _changed(source: Source, fix: Fix, text: str) -> Source:
    """A source with a fix applied, its cells grown with what was put into them."""
    cells = []
    shift = 0
    for cell in source.cells:
        grown = sum(
            len(edit.text) - (edit.span.end - edit.span.start)
            for edit in fix.edits
            if source.cell_at(edit.span.start) == cell
        )
        cells.append(
            replace(cell, span=Span(cell.span.start + shift, cell.span.end + shift + grown))
        )
        shift += grown
    return Source(source.path, text, source.version, tuple(cells))
