"""Comments that silence findings, and the fixes of those that do not."""

from __future__ import annotations

import json

import pytest

from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Applicability, Fix
from numpyro_lint.text import Source, notebook

IMPORTS = "import numpyro\nimport numpyro.distributions as dist\n\n\n"
MODEL = IMPORTS + 'def model(y=None):\n    numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)\n\n\n'
# Of a rule that the text alone decides: of others no comment is called unused without a trace.
H = "numpyro.handlers"
SLIP = f'held = {H}.condition({H}.block(model), data={{"y": 1.0}})'
KEY = "handler-order"


def found(source: Source | str, **settings: tuple[str, ...]) -> list[str]:
    source = source if isinstance(source, Source) else Source("a.py", source)
    return [each.rule for each in check(source, Settings(**settings)).diagnostics]  # type: ignore[arg-type]


def mended(text: str, rule: str) -> tuple[str, Applicability]:
    """A text with the one fix of a rule applied."""
    fixes = [e.fix for e in check(Source("a.py", text)).diagnostics if e.rule == rule]
    assert len(fixes) == 1
    (fix,) = fixes
    assert isinstance(fix, Fix)
    for edit in reversed(fix.edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text, fix.applicability


def cells(*texts: str) -> Source:
    code = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in texts]
    return notebook("a.ipynb", json.dumps({"nbformat": 4, "metadata": {}, "cells": code}))


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("", [KEY]),
        (f"  # numpyro-lint: ignore[{KEY}]", []),
        (f"  #numpyro-lint:ignore [ {KEY} ]", []),
        ("  # numpyro-lint: ignore[handlers] its category", []),
        ("  # numpyro-lint: ignore[ALL]", []),
        (f"  # type: ignore  # numpyro-lint: ignore[{KEY}]  # noqa: E501", []),
        (f"  # numpyro-lint: ignore[{KEY}] see #12", []),
        ("  # numpyro-lint: ignore[unseeded-model]", [KEY, "unused-suppression"]),
        (f"  # ignore[{KEY}]", [KEY]),
    ],
)
def test_at_the_end_of_a_line(comment: str, expected: list[str]) -> None:
    assert found(MODEL + SLIP + comment + "\n") == expected


def test_for_the_whole_file() -> None:
    assert found(f"# numpyro-lint: file-ignore[{KEY}] generated\n{MODEL}{SLIP}\n") == []
    assert found(f"{MODEL}{SLIP}\n# numpyro-lint: file-ignore[ALL]\n") == []


def test_on_the_line_above_but_not_further_away() -> None:
    comment = f"# numpyro-lint: ignore[{KEY}]\n"
    assert found(MODEL + comment + SLIP + "\n") == []
    assert found(MODEL + comment + "# A reason.\n" + SLIP + "\n") == []
    assert found(MODEL + comment + "\n" + SLIP + "\n") == ["unused-suppression", KEY]
    assert found(MODEL + comment + "other = 1\n" + SLIP + "\n") == ["unused-suppression", KEY]


def test_in_a_notebook() -> None:
    assert found(cells(MODEL, SLIP)) == [KEY]
    assert found(cells(MODEL, f"{SLIP}  # numpyro-lint: ignore[{KEY}]")) == []
    assert found(cells(f"# numpyro-lint: file-ignore[{KEY}]", MODEL, SLIP)) == []
    # What ends a cell is not about the next one.
    above = f"# numpyro-lint: ignore[{KEY}]"
    assert found(cells(MODEL, above, SLIP)) == ["unused-suppression", KEY]
    assert found(cells(MODEL, f"{above}\n{SLIP}")) == []


def test_in_a_cell_that_does_not_parse() -> None:
    broken = "x = (  # numpyro-lint: ignore[invalid-syntax] a sketch"
    assert found(cells(MODEL, "x = (")) == ["invalid-syntax"]
    assert found(cells(MODEL, broken)) == []


def test_line_ends_of_windows() -> None:
    text = f"{MODEL}# numpyro-lint: ignore[{KEY}]\n{SLIP}\n".replace("\n", "\r\n")
    assert found(text) == []
    unused = f"{MODEL}a = 1  # numpyro-lint: ignore[{KEY}]\n".replace("\n", "\r\n")
    assert mended(unused, "unused-suppression")[0].endswith("a = 1\r\n")


def test_a_rule_that_is_not_run_has_no_unused_comment() -> None:
    unused = f"{MODEL}a = 1  # numpyro-lint: ignore[{KEY}]\n"
    assert found(unused) == ["unused-suppression"]
    assert found(unused, ignore=("handlers",)) == []
    assert found(unused, select=("tool",)) == []
    assert found(unused, ignore=("unused-suppression",)) == []


def test_removing_what_is_unused() -> None:
    line = "a = 1  # numpyro-lint: ignore[{}] reason\n"
    safe = Applicability.SAFE
    assert mended(MODEL + line.format(KEY), "unused-suppression") == (MODEL + "a = 1\n", safe)
    alone = f"# numpyro-lint: ignore[{KEY}]\na = 1\n"
    assert mended(MODEL + alone, "unused-suppression") == (MODEL + "a = 1\n", safe)
    last = f"{MODEL}a = 1\n# numpyro-lint: file-ignore[{KEY}]"
    assert mended(last, "unused-suppression") == (MODEL + "a = 1\n", safe)
    both = f"{MODEL}{SLIP}  # numpyro-lint: ignore[{KEY}, unseeded-model] reason\n"
    kept = f"{MODEL}{SLIP}  # numpyro-lint: ignore[{KEY}] reason\n"
    assert mended(both, "unused-suppression") == (kept, safe)
    others = f"{MODEL}a = 1  # noqa  # numpyro-lint: ignore[{KEY}]  # more\n"
    assert mended(others, "unused-suppression") == (f"{MODEL}a = 1  # noqa  # more\n", safe)


def test_naming_what_was_meant() -> None:
    wrong = f"{MODEL}{SLIP}  # numpyro-lint: ignore[handler-orders]\n"
    right = f"{MODEL}{SLIP}  # numpyro-lint: ignore[{KEY}]\n"
    assert mended(wrong, "unknown-rule") == (right, Applicability.SAFE)
    bare = f"{MODEL}{SLIP}  # numpyro-lint: ignore\n"
    assert mended(bare, "invalid-comment") == (right, Applicability.SAFE)
    elsewhere = f"{MODEL}a = 1  # numpyro-lint: ignore[funel]\n"
    text, safety = mended(elsewhere, "unknown-rule")
    assert "ignore[funnel]" in text
    assert safety is Applicability.UNSAFE


def test_what_goes_wrong_within_is_not_silenced(monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("numpyro_lint.check.nodes", raises)
    assert set(found(f"# numpyro-lint: file-ignore[ALL]\n{MODEL}")) == {"internal-error"}
