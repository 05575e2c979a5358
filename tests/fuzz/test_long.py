"""What takes the square of its length, or has no end, in a text of one long line or of many."""

from __future__ import annotations

import time

import pytest
from fuzzing.hostile import HEAD, SITE
from markdown import findings

from numpyro_lint.check import check
from numpyro_lint.rewrite import spelling
from numpyro_lint.text import Source, joined

MANY = 100_000
# In seconds of the processor: each takes a few hundredths.
MOST = 3.0


def quick(source: Source) -> None:
    start = time.process_time()
    report = check(source)
    assert time.process_time() - start < MOST
    assert [each for each in report.diagnostics if each.rule == "internal-error"] == []


@pytest.mark.parametrize(
    "line",
    [
        "# numpyro-lint: ignore" + " " * MANY + "x",
        "# numpyro-lint: trace(x='" + ")" * MANY + "'",
        "numpyro.sample('%" + "0" * MANY + "' % x, dist.Normal())",
        "numpyro.sample('" + "{0}" * MANY + "'.format(x), dist.Normal())",
        "x = '" + "a" * (1 << 20) + "'",
        "x = [" + "1, " * MANY + "]",
        "#" * (1 << 20),
        "x = 1;" * 3000,
    ],
    ids=lambda line: line[:24],
)
def test_a_line_of_any_length(line: str) -> None:
    quick(Source("model.py", f"{HEAD}def model(x):\n    {SITE}\n    {line}\n"))


@pytest.mark.parametrize("text", ["\n" * 60 + "x = (", " \n" * 60 + "x = (", "\r\n" * 60 + "%x"])
def test_a_cell_that_begins_with_many_empty_lines(text: str) -> None:
    quick(joined("model.ipynb", [(0, "import numpyro"), (1, text)]))


def test_the_names_of_a_file_are_gathered_once_for_all_of_its_fixes() -> None:
    calls = "".join(f"    x{number} = part()\n" for number in range(8))
    text = f"{HEAD}def part():\n    return {SITE}\n\n\ndef model():\n{calls}"
    before = spelling._taken.cache_info()
    found = [each for each in findings(text) if each.rule == "helper-reused-without-scope"]
    fixes = [each.rewrite() for each in found if each.rewrite is not None]
    assert len(fixes) == 7
    assert all(fix is not None and len(fix.edits) >= 8 for fix in fixes)
    assert spelling._taken.cache_info().misses == before.misses + 1


def test_many_funnels_that_are_written_out_by_hand() -> None:
    models = "".join(
        f"def model{number}():\n"
        '    scale = numpyro.sample("scale", dist.HalfNormal(1.0))\n'
        '    with numpyro.plate("rows", 5):\n'
        '        x = numpyro.sample("x", dist.LogNormal(0.0, scale))\n'
        '        numpyro.sample("y", dist.Normal(x, 1.0), obs=1.0)\n'
        for number in range(200)
    )
    rest = "# as long as many files are\n" * 8000
    source = Source("model.py", HEAD + models + rest)
    quick(source)
    assert len(check(source).diagnostics) >= 200


@pytest.mark.parametrize("name", ["tree", "tree{number}"])
def test_functions_that_each_call_the_one_before_twice(name: str) -> None:
    functions = f"def {name.format(number=0)}(name):\n    return {SITE}\n"
    for number in range(1, 30):
        before, here = name.format(number=number - 1), name.format(number=number)
        functions += f"def {here}(name):\n    return {before}(name + 'l') + {before}(name + 'r')\n"
    quick(Source("model.py", HEAD + functions + f"def model():\n    {here}('root')\n"))
