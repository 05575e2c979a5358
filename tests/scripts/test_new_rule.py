"""`make new-rule`: what it begins is a rule, and is not one that passes."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import new_rule
import pytest
from markdown import blocks

from numpyro_lint import rule as registry
from numpyro_lint.rules import all_rules

ROOT = Path(__file__).parents[2]
RULE = "analyzer/numpyro_lint/rules/bad_pattern.py"
TEST = "tests/rules/bad-pattern.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (RULE, TEST):
        (tmp_path / name).parent.mkdir(parents=True)
    return tmp_path


def test_it_begins_a_rule_that_finds_nothing_yet(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_rules()
    monkeypatch.setattr(registry, "_registry", {})
    assert new_rule.main("bad-pattern", root) == 0
    monkeypatch.syspath_prepend((root / RULE).parent)
    monkeypatch.delitem(sys.modules, "bad_pattern", raising=False)
    importlib.import_module("bad_pattern")
    ((name, begun),) = registry.registered().items()
    assert name == "bad-pattern"
    assert re.fullmatch(r"\d+\.\d+", begun.since)
    headings = set(re.findall(r"^## (.+)$", begun.documentation, re.MULTILINE))
    assert {"What it does", "Why is this bad", "Example", "Use instead", "References"} == headings
    wanted, silent = blocks(root / TEST)
    assert (len(wanted.expected), len(silent.expected)) == (1, 0)


def test_it_says_what_comes_next(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new_rule.main("bad-pattern", root) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[:2] == [RULE, TEST]
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = re.findall(r"^- make ((?:[a-z]+ ?)+)", told, re.MULTILINE)
    assert asked
    assert {each for words in asked for each in words.split()} <= targets
    assert len(told.splitlines()) < 20


def test_it_overwrites_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / TEST).write_text("mine\n")
    assert new_rule.main("bad-pattern", root) == 2
    assert (root / TEST).read_text() == "mine\n"
    assert not (root / RULE).exists()
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["", "bad", "Bad-Pattern", "bad_pattern", "bad-", "../bad-pattern"]
)
def test_it_asks_for_a_name(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new_rule.main(name, root) == 2
    assert "NAME=bad-pattern" in capsys.readouterr().err
    assert not (root / RULE).exists()
