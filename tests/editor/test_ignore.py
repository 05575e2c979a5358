"""Comments that editors write to have a finding ignored."""

from __future__ import annotations

import textwrap

import pytest
from static.support import PREAMBLE

from numpyro_lint.check import check
from numpyro_lint.editor.ignore import ignored
from numpyro_lint.rewrite import applied
from numpyro_lint.text import Cell, Source, Span


def after(text: str, rule: str = "unknown-site-in-handler") -> str | None:
    source = Source("m.py", PREAMBLE + textwrap.dedent(text))
    report = check(source)
    finding = next(each for each in report.diagnostics if each.rule == rule)
    fix = ignored(report.module, finding)
    if fix is None:
        return None
    new = applied(source.text, fix.edits)
    assert [d.rule for d in check(Source("m.py", new)).diagnostics if d.rule == rule] == []
    return new.removeprefix(PREAMBLE)


MODEL = """\
def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


"""


HELD = 'held = handlers.do(model, {"x": 1.0})'
IGNORED = "# numpyro-lint: ignore[unknown-site-in-handler]"
# The first line ends within a string, where no comment can be.
LONG = 'held = handlers.do(model, {{\n{}    "x": 1.0}}), """\n"""\n'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"{HELD}\n", f"{HELD}  {IGNORED}\n"),
        (f"{HELD}  # why\n", f"{HELD}  # why  {IGNORED}\n"),
        (
            f"{HELD}  # numpyro-lint: ignore[funnel] so be it\n",
            f"{HELD}  # numpyro-lint: ignore[funnel, unknown-site-in-handler] so be it\n",
        ),
        (LONG.format(""), LONG.format(f"    {IGNORED}\n")),
    ],
)
def test_the_comment_stands_where_it_holds(line: str, expected: str) -> None:
    assert after(MODEL + line) == MODEL + expected


def test_what_is_wrong_with_the_text_is_not_ignored() -> None:
    assert after(MODEL + "x = (\n", "invalid-syntax") is None


def test_in_a_notebook_it_stands_in_its_cell() -> None:
    parts = [f"%matplotlib inline\n{PREAMBLE}", MODEL, f"{HELD}\n", "x = (\n"]
    ends = [sum(map(len, parts[: n + 1])) for n in range(4)]
    cells = tuple(Cell(n, Span(end - len(parts[n]), end)) for n, end in enumerate(ends))
    report = check(Source("m.ipynb", "".join(parts), cells=cells))
    finding = next(e for e in report.diagnostics if e.rule == "unknown-site-in-handler")
    fix = ignored(report.module, finding)
    assert fix is not None
    assert [(e.span.start, e.text) for e in fix.edits] == [(ends[2] - 1, f"  {IGNORED}")]
