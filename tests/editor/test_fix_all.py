"""Many fixes at once: what becomes of the text, and of each cell of a notebook."""

from __future__ import annotations

import pytest
from static.support import PREAMBLE, read

from numpyro_lint.check import check
from numpyro_lint.diagnostic import Diagnostic, Fix
from numpyro_lint.editor.fix_all import fix_all, fix_rule
from numpyro_lint.rewrite import applied
from numpyro_lint.rewrite.edits import changed
from numpyro_lint.text import Cell, Source, Span

TEXT = """
def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


first = handlers.condition(model, data={"slop": 0.5})
second = handlers.do(model, data={"slopes": 0.5})
print("first")
handlers.trace(model).get_trace()
"""


def findings(source: Source) -> tuple[Diagnostic, ...]:
    return check(source).diagnostics


def mended(source: Source, fix: Fix | None) -> str:
    assert fix is not None
    return applied(source.text, fix.edits)


def test_all_safe_fixes_are_made_and_no_other() -> None:
    source = read(TEXT).source
    fix = fix_all(source, findings(source), findings)
    assert mended(source, fix) == source.text.replace(
        "trace(model)", "trace(handlers.seed(model, rng_seed=0))"
    )
    assert fix is not None
    assert len(fix.edits) == 1
    seeded = Source("model.py", mended(source, fix))
    assert fix_all(seeded, findings(seeded), findings) is None


def test_the_fixes_of_one_rule_are_made() -> None:
    source = read(TEXT).source
    fix = fix_rule(source, findings(source), findings, "unknown-site-in-handler")
    assert mended(source, fix) == source.text.replace('slop"', 'slope"').replace("slopes", "slope")
    assert fix is not None
    assert fix.title == "Fix all unknown-site-in-handler"


@pytest.mark.parametrize("rule", ["unseeded-model", "funnel"])
def test_of_one_finding_or_none_there_is_nothing_more_to_fix(rule: str) -> None:
    source = read(TEXT).source
    assert fix_rule(source, findings(source), findings, rule) is None


def test_cells_keep_what_is_theirs() -> None:
    head, second, tail = (PREAMBLE + TEXT).partition("second = ")
    cut = len(head)
    cells = (Cell(0, Span(0, cut)), Cell(2, Span(cut, len(head + second + tail))))
    source = Source("model.ipynb", head + second + tail, cells=cells)
    fix = fix_rule(source, findings(source), findings, "unknown-site-in-handler")
    assert fix is not None
    assert [source.cell_at(each.span.start) for each in fix.edits] == list(cells)
    new = changed(source, fix.edits)
    assert new.slice(new.cells[1].span).startswith('second = handlers.do(model, data={"slope":')


def test_the_end_of_a_cell_s_last_line_is_no_part_of_an_edit() -> None:
    head, _, _ = (PREAMBLE + TEXT).partition('print("first")')
    cells = (Cell(0, Span(0, len(head))),)
    source = Source("model.ipynb", head, cells=cells)
    fix = fix_rule(source, findings(source), findings, "unknown-site-in-handler")
    assert fix is not None
    assert max(each.span.end for each in fix.edits) == len(head) - 1
    assert mended(source, fix).endswith('data={"slope": 0.5})\n')
