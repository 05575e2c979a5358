"""What came of programs of others: that it is judged, kept, and told on the page as it is."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import ecosystem
import ecosystem_page
import pytest
from ecosystem import Outcome, Verdict, analyse, problems, unpacked, verdicts

PROGRAM = """\
import numpyro
import numpyro.distributions as dist


def model(y):
    scale = numpyro.sample("scale", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(0.0, scale), obs=y)
"""
MISTAKE = "part/model.py:7 support-mismatch"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    (tmp_path / "part/model.py").write_text(PROGRAM)
    (tmp_path / "other.py").write_text("import numpyro\n")
    return tmp_path


def _judged(kind: str) -> dict[str, Verdict]:
    return {MISTAKE: Verdict(kind, "a scale may be below 0")}


def test_a_folder_comes_to_figures_and_findings(folder: Path) -> None:
    outcome = analyse(folder)
    assert [ecosystem.key(each) for each in outcome.findings] == [MISTAKE]
    figures = outcome.figures
    assert figures.pop("seconds") > 0
    counts = {"files": 2, "with_models": 1, "models": 1, "errors": 1, "warnings": 0, "infos": 0}
    assert figures == {**counts, "rules": {"support-mismatch": 1}}


def test_what_is_wrong_is_told(folder: Path) -> None:
    outcome = analyse(folder)
    assert list(problems(outcome, _judged("true"))) == []
    assert list(problems(outcome, _judged("meant"))) == []
    (unjudged,) = problems(outcome, {})
    assert unjudged.startswith(f"no verdict on: {MISTAKE}: the scale of 'y'")
    (mild,) = problems(outcome, _judged("noise"))
    assert mild == unjudged
    (false,) = problems(outcome, _judged("false"))
    assert false.startswith(f"a false alarm: {MISTAKE}")
    assert list(problems(Outcome(), _judged("true"))) == [f"no longer found: {MISTAKE}"]
    assert list(problems(Outcome(), _judged("false"))) == []


def test_an_analysis_that_fails_is_told(folder: Path) -> None:
    (folder / "numpyro-lint.toml").write_text("select = 1\n")
    outcome = analyse(folder)
    assert "select" in outcome.failure
    assert list(problems(outcome, _judged("true"))) == [outcome.failure]


def test_a_wheel_gives_its_programs(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some_models-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("some_models/model.py", PROGRAM)
        wheel.writestr("some_models/data.csv", "1,2")
    folder = unpacked("some-models", "1.0", tmp_path, tmp_path / "out")
    assert [each.name for each in folder.rglob("*.*")] == ["model.py"]


def test_verdicts_are_such() -> None:
    assert verdicts('[one]\n"a.py:1 rule" = "true: why: so"')["one"]["a.py:1 rule"].why == "why: so"
    for wrong in ("perhaps: why", "true", "true: "):
        with pytest.raises(ValueError, match=r"one: a\.py:1 rule"):
            verdicts(f'[one]\n"a.py:1 rule" = "{wrong}"')


def test_all_that_was_found_is_judged() -> None:
    """By the figures that are kept: one verdict for each warning and error, and no false alarm."""
    figures, judged = json.loads(ecosystem.FIGURES.read_text()), verdicts()
    rows = figures["packages"] | figures["repositories"]
    assert len(figures["packages"]) >= 25
    assert set(judged) <= set(rows)
    for name, row in rows.items():
        kinds = [each.kind for each in judged.get(name, {}).values()]
        loud = row["errors"] + row["warnings"]
        assert kinds.count("true") + kinds.count("meant") == loud, name


def test_the_page_is_current() -> None:
    figures = json.loads(ecosystem.FIGURES.read_text())
    listed = ecosystem.sources()
    versions = listed["packages"] | listed["repositories"]
    rows = figures["packages"] | figures["repositories"]
    assert {name: row["version"] for name, row in rows.items()} == versions
    text = ecosystem_page.page(figures, listed, verdicts())
    assert ecosystem_page.PAGE.read_text(encoding="utf-8") == text
