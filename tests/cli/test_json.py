"""`--output-format json` against its schema and against what the examples hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from numpyro_lint.cli.schema import schema

ROOT = Path(__file__).parents[2]
Analyze = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def report(analyze: Analyze) -> dict[str, Any]:
    status, out, _ = analyze("--output-format", "json", "examples", traced=True)
    assert status == 1
    loaded: dict[str, Any] = json.loads(out)
    return loaded


def _file(report: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in report["files"] if each["path"] == f"examples/{name}")


def test_follows_the_schema(report: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.Draft202012Validator(schema()).validate(report)


def test_checked_in_schema_is_current() -> None:
    assert json.loads((ROOT / "docs/report.schema.json").read_text()) == schema()


def test_static_report_follows_the_schema(analyze: Analyze) -> None:
    _, out, _ = analyze("--static", "--output-format", "json", "examples")
    jsonschema.Draft202012Validator(schema()).validate(json.loads(out))


def test_eight_schools(report: dict[str, Any]) -> None:
    (model,) = _file(report, "eight_schools.py")["models"]
    assert [(s["name"], s["type"], s["status"]) for s in model["sites"]] == [
        ("mu", "sample", "latent"),
        ("tau", "sample", "latent"),
        ("J", "plate", "plate"),
        ("theta", "sample", "latent"),
        ("obs", "sample", "optional"),
    ]
    assert model["trace"]["status"] == "ok"
    assert model["trace"]["arguments"]["from"] == "call"
    theta = next(s for s in model["trace"]["sites"] if s["name"] == "theta")
    assert theta["shape"] == [8]
    assert theta["plates"] == [{"name": "J", "dim": -1, "size": 8}]
    (finding,) = [d for d in report["diagnostics"] if d["path"] == "examples/eight_schools.py"]
    assert (finding["rule"], finding["site"], finding["severity"]) == ("funnel", "theta", "warning")
    assert "LocScaleReparam" in finding["message"]
    assert finding["source"] == "geometry"
    assert 0.05 < finding["evidence"]["kappa"] < 0.2


def test_decentred_eight_schools_has_no_finding(report: dict[str, Any]) -> None:
    paths = {each["path"] for each in report["diagnostics"]}
    assert "examples/eight_schools_decentred.py" not in paths
    (stack,) = _file(report, "eight_schools_decentred.py")["stacks"]
    effects = {each["name"]: each for each in stack["predicted"]}
    assert effects["theta_decentered"]["value_from"] == "prior"
    theta = effects["theta"]
    assert (theta["type"], theta["value_from"]) == ("deterministic", "reparam")


def test_notebook_places_count_within_the_cell(report: dict[str, Any]) -> None:
    notebook = _file(report, "radon_like.ipynb")
    assert notebook["kind"] == "notebook"
    cells = [model["cell"] for model in notebook["models"]]
    assert cells == sorted(cells)
    assert len(set(cells)) == 2
    (finding,) = [d for d in report["diagnostics"] if d["path"] == "examples/radon_like.ipynb"]
    content = json.loads((ROOT / "examples/radon_like.ipynb").read_text())
    line = "".join(content["cells"][finding["cell"]]["source"]).splitlines()[finding["line"] - 1]
    assert line[finding["column"] - 1 : finding["end_column"] - 1] == '"sigma"'


def test_examples_have_their_findings_and_no_others(report: dict[str, Any]) -> None:
    found = sorted((d["path"].removeprefix("examples/"), d["rule"]) for d in report["diagnostics"])
    assert found == [
        ("colliding_scopes.py", "scope-collision"),
        ("colliding_scopes.py", "scope-collision"),
        ("column_of_observations.py", "broadcast-observation"),
        ("eight_schools.py", "funnel"),
        ("misspelt_key.py", "unknown-site-in-handler"),
        ("misspelt_key.py", "unknown-site-in-inference"),
        ("observed_or_substituted.py", "substitute-in-inference"),
        ("radon_like.ipynb", "unknown-site-in-handler"),
    ]


def test_verbose_says_with_what_a_model_was_traced(analyze: Analyze) -> None:
    path = "examples/eight_schools.py"
    _, plain, _ = analyze(path, traced=True)
    _, verbose, _ = analyze("--verbose", path, traced=True)
    added = [line.strip() for line in verbose.splitlines() if line not in plain.splitlines()]
    assert any(line.startswith("J = ") for line in added)
    assert any(line.startswith("seed 0, abstract, ") for line in added)


def test_summary_counts(report: dict[str, Any]) -> None:
    summary = report["summary"]
    models = [m for f in report["files"] for m in f["models"] if m["role"] == "model"]
    assert summary["models"] == len(models)
    assert summary["traced"] == len(models)
    assert summary["not_traced"] == 0
    assert summary["errors"] == sum(d["severity"] == "error" for d in report["diagnostics"])
    assert summary["files"] == len(report["files"])
