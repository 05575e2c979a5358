"""`--output-format github`, `gitlab` and `junit`, and `--statistics`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest
from cli.programs import CLEAN, FUNNEL, NOTEBOOKS, SLIP

from numpyro_lint.cli import junit
from numpyro_lint.cli.github import _IN_MESSAGES, _IN_PROPERTIES, _escaped
from numpyro_lint.cli.schema import schema

Analyze = Callable[..., tuple[int, str, str]]
_COMMAND = re.compile(r"::(?P<kind>\w+) (?P<properties>[^:]*)::(?P<message>.*)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clean.py").write_text(CLEAN)
    (tmp_path / "slip.py").write_text(SLIP)
    (tmp_path / "funnel.py").write_text(FUNNEL)
    return tmp_path


def _unescaped(text: str) -> str:
    """As the runner of GitHub reads it: the percent sign last."""
    for character, escape in reversed(_IN_PROPERTIES):
        text = text.replace(escape, character)
    return text


def _annotations(out: str) -> list[dict[str, str]]:
    found = []
    for line in out.splitlines():
        command = _COMMAND.fullmatch(line)
        assert command is not None, line
        pairs = (part.split("=", 1) for part in command["properties"].split(","))
        told = {key: _unescaped(value) for key, value in pairs}
        found.append({"kind": command["kind"], "message": _unescaped(command["message"]), **told})
    return found


def test_github(folder: Path, analyze: Analyze) -> None:
    status, out, _ = analyze("--static", "--output-format", "github", ".", cwd=folder)
    assert status == 1
    funnel, slip = _annotations(out)
    assert (funnel["kind"], funnel["file"], funnel["line"]) == ("notice", "funnel.py", "7")
    assert slip["kind"] == "error"
    assert slip["title"] == "numpyro-lint: unknown-site-in-handler"
    assert (slip["file"], slip["line"], slip["endLine"]) == ("slip.py", "9", "9")
    assert SLIP.splitlines()[8][int(slip["col"]) - 1 : int(slip["endColumn"]) - 1] == '"slop"'
    assert "did you mean 'slope'?" in slip["message"]


def test_github_has_paths_from_the_current_folder(folder: Path, analyze: Analyze) -> None:
    (folder / "a,b: 100%").mkdir()
    (folder / "a,b: 100%/slip.py").write_text(SLIP)
    whole = str(folder / "a,b: 100%")
    _, out, _ = analyze("--static", "--output-format", "github", whole, cwd=folder)
    assert out.startswith("::error file=a%2Cb%3A 100%25/slip.py,line=9")
    assert _annotations(out)[0]["file"] == "a,b: 100%/slip.py"


def test_github_escapes() -> None:
    text = "100% of a, b: c\r\nd %0A"
    assert _escaped(text, _IN_MESSAGES) == "100%25 of a, b: c%0D%0Ad %250A"
    assert _escaped(text, _IN_PROPERTIES) == "100%25 of a%2C b%3A c%0D%0Ad %250A"


def test_github_has_no_columns_across_lines(folder: Path, analyze: Analyze) -> None:
    (folder / "wide.py").write_text(
        FUNNEL.replace("dist.Normal(0.0, spread)", "dist.Normal(\n        0.0, spread\n    )")
    )
    _, out, _ = analyze("--static", "--output-format", "github", "wide.py", cwd=folder)
    (funnel,) = _annotations(out)
    assert (funnel["line"], funnel["endLine"]) == ("7", "9")
    assert "col" not in funnel
    assert "endColumn" not in funnel


@pytest.mark.parametrize("spelling", NOTEBOOKS)
def test_notebooks_are_annotated_in_their_json(
    tmp_path: Path, analyze: Analyze, spelling: str
) -> None:
    path = tmp_path / "book.ipynb"
    path.write_bytes(NOTEBOOKS[spelling]())
    _, out, _ = analyze("--static", "--output-format", "github", "book.ipynb", cwd=tmp_path)
    (slip,) = _annotations(out)
    assert "(cell 3, line 1)" in slip["message"]
    line = path.read_text("utf-8-sig").splitlines()[int(slip["line"]) - 1]
    assert line[int(slip["col"]) - 1 : int(slip["endColumn"]) - 1] == r"\"slop\""
    _, out, _ = analyze("--static", "--output-format", "gitlab", "book.ipynb", cwd=tmp_path)
    assert json.loads(out)[0]["location"]["lines"]["begin"] == int(slip["line"])


def test_a_notebook_on_standard_input(analyze: Analyze) -> None:
    content = NOTEBOOKS["with escapes"]().decode()
    arguments = ("--static", "--output-format", "github", "-", "--stdin-filename", "in.ipynb")
    (slip,) = _annotations(analyze(*arguments, stdin=content)[1])
    assert r"\"slop\"" in content.splitlines()[int(slip["line"]) - 1]


def test_gitlab(folder: Path, analyze: Analyze) -> None:
    (folder / "slip.py").write_text(SLIP + SLIP.splitlines(keepends=True)[-1])
    status, out, _ = analyze("--static", "--output-format", "gitlab", str(folder), cwd=folder)
    assert status == 1
    funnel, *slips = json.loads(out)
    assert set(funnel) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert (funnel["check_name"], funnel["severity"]) == ("funnel", "minor")
    assert funnel["location"] == {"path": "funnel.py", "lines": {"begin": 7, "end": 7}}
    assert [each["severity"] for each in slips] == ["critical", "critical"]
    assert [each["location"]["lines"]["begin"] for each in slips] == [9, 10]
    # GitLab shows only the first of those that have one fingerprint.
    assert len({each["fingerprint"] for each in (funnel, *slips)}) == 3
    (folder / "slip.py").write_text(f"\n\n\n{SLIP}{SLIP.splitlines(keepends=True)[-1]}")
    moved = json.loads(analyze("--static", "--output-format", "gitlab", ".", cwd=folder)[1])
    assert [each["fingerprint"] for each in moved] == [
        each["fingerprint"] for each in (funnel, *slips)
    ]
    assert (
        json.loads(analyze("--static", "--output-format", "gitlab", "clean.py", cwd=folder)[1])
        == []
    )


def test_junit(folder: Path, analyze: Analyze) -> None:
    status, out, _ = analyze("--static", "--output-format", "junit", ".", cwd=folder)
    assert status == 1
    read = junitparser.JUnitXml.fromstring(out.encode())
    assert (read.tests, read.failures, read.errors) == (3, 1, 0)
    clean, funnel, slip = read
    assert [suite.name for suite in (clean, funnel, slip)] == ["clean.py", "funnel.py", "slip.py"]
    (passed,) = clean
    assert (passed.name, passed.is_passed) == ("nothing found", True)
    # An info fails no run, and so no test.
    (told,) = funnel
    assert (told.name, told.is_passed) == ("funnel 'effect' in model", True)
    assert "funnel.py:7:14: info[funnel]" in told.system_out
    (failed,) = slip
    (result,) = failed.result
    assert isinstance(result, junitparser.Failure)
    assert result.type == "error"
    assert "did you mean 'slope'?" in result.message
    assert "fix (unsafe): Change 'slop' to 'slope'" in result.text
    _, out, _ = analyze(
        "--static", "--output-format", "junit", "--fail-on", "info", ".", cwd=folder
    )
    assert junitparser.JUnitXml.fromstring(out.encode()).failures == 2


# The elements as Jenkins knows them: attributes that must be there, others, children.
_ELEMENTS = {
    "testsuites": ((), ("name", "time", "tests", "failures", "errors"), ("testsuite",)),
    "testsuite": (("name", "tests", "failures", "errors"), (), ("testcase",)),
    "testcase": (("name",), ("classname",), ("failure", "error", "system-out")),
    "failure": ((), ("type", "message"), ()),
    "error": ((), ("type", "message"), ()),
    "system-out": ((), (), ()),
}


def test_junit_has_what_jenkins_knows_and_no_more(folder: Path, analyze: Analyze) -> None:
    _, out, _ = analyze("--static", "--output-format", "junit", ".", cwd=folder)
    for element in ElementTree.fromstring(out).iter():
        needed, others, children = _ELEMENTS[element.tag]
        assert set(needed) <= set(element.keys()) <= {*needed, *others}
        assert {child.tag for child in element} <= set(children)
    assert re.fullmatch(r"\d+\.\d{3}", ElementTree.fromstring(out).get("time", ""))


def test_junit_names_are_those_of_before_when_lines_move(folder: Path, analyze: Analyze) -> None:
    def names() -> list[str]:
        _, out, _ = analyze("--static", "--output-format", "junit", "slip.py", cwd=folder)
        return [
            test.name for suite in junitparser.JUnitXml.fromstring(out.encode()) for test in suite
        ]

    (folder / "slip.py").write_text(SLIP + SLIP.splitlines(keepends=True)[-1])
    before = names()
    assert before == ["unknown-site-in-handler 'slop'", "unknown-site-in-handler 'slop' (2)"]
    (folder / "slip.py").write_text("\n" + (folder / "slip.py").read_text())
    assert names() == before


def test_junit_escapes_what_xml_cannot_hold() -> None:
    made = junit._element("failure", "a\x1b[0m\x00\ud800 é😀\t\n<&>", message="\x08\ufffe\"'")
    read = ElementTree.fromstring(ElementTree.tostring(made, encoding="unicode"))
    assert read.text == "a\\x1b[0m\\x00\\ud800 é😀\t\n<&>"
    assert read.get("message") == "\\x08\\ufffe\"'"


def test_statistics(folder: Path, analyze: Analyze) -> None:
    (folder / "slip.py").write_text(SLIP + SLIP.splitlines(keepends=True)[-1])
    status, out, _ = analyze("--static", "--statistics", ".", cwd=folder)
    assert status == 1
    heading, *rows = out.splitlines()
    assert heading.split() == ["count", "rule", "severity", "fixable"]
    assert rows[0].split() == ["2", "unknown-site-in-handler", "error", "2"]
    assert rows[1].split() == ["1", "funnel", "info", "1"]
    assert rows[-1].startswith("3 files, 3 models")
    assert "slip.py:9" not in out
    status, out, _ = analyze("--static", "--statistics", "--output-format", "json", ".", cwd=folder)
    report = json.loads(out)
    jsonschema.Draft202012Validator(schema()).validate(report)
    assert report["statistics"] == [
        {"rule": "unknown-site-in-handler", "severity": "error", "count": 2, "fixable": 2},
        {"rule": "funnel", "severity": "info", "count": 1, "fixable": 1},
    ]
    assert len(report["diagnostics"]) == 3
    assert analyze("--static", "--statistics", "clean.py", cwd=folder)[0] == 0


def test_statistics_are_not_for_all_formats(folder: Path, analyze: Analyze) -> None:
    arguments = ("--static", "--statistics", "--output-format", "sarif", ".")
    status, out, err = analyze(*arguments, cwd=folder)
    assert (status, out) == (2, "")
    assert err == "analyze: --statistics goes with the formats text and json\n"
