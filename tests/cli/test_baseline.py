"""`--baseline`: known findings are held, new ones fail, and what is gone is told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cli.programs import CLEAN, FUNNEL, NOTEBOOKS, SLIP

from numpyro_lint.check import check
from numpyro_lint.cli.baseline import load
from numpyro_lint.cli.schema import schema
from numpyro_lint.record import replace
from numpyro_lint.text import Source

Analyze = Callable[..., tuple[int, str, str]]
OTHER = SLIP.replace("slop", "sloope")
KNOWN = ("--static", "--baseline", "known.json")


@pytest.fixture
def folder(tmp_path: Path, analyze: Analyze) -> Path:
    """A project that has its findings in a baseline."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "slip.py").write_text(SLIP)
    (tmp_path / "deep/funnel.py").write_text(FUNNEL)
    status, out, err = analyze(*KNOWN, "--write-baseline", ".", cwd=tmp_path)
    assert (status, out, err) == (0, "2 findings written to known.json\n", "")
    return tmp_path


def _known(folder: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((folder / "known.json").read_text())["files"]
    return known


def test_it_is_a_line_for_each_finding(folder: Path) -> None:
    lines = (folder / "known.json").read_text().splitlines()
    assert lines[3] == '  "deep/funnel.py": ['
    assert json.loads(lines[4]) == {
        "rule": "funnel",
        "model": "model",
        "site": "effect",
        "line": 'effect = numpyro.sample("effect", dist.Normal(0.0, spread))',
    }
    assert json.loads(lines[7]) == {
        "rule": "unknown-site-in-handler",
        "site": "slop",
        "line": 'held = numpyro.handlers.condition(model, data={"slop": 1.0})',
    }


def test_known_findings_are_held(folder: Path, analyze: Analyze) -> None:
    status, out, err = analyze(*KNOWN, ".", cwd=folder)
    assert (status, err) == (0, "")
    assert "unknown-site-in-handler" not in out
    assert out.splitlines()[-1].partition(" (")[0].endswith("nothing found, 2 known findings held")
    assert analyze("--static", ".", cwd=folder)[0] == 1


def test_new_ones_fail(folder: Path, analyze: Analyze) -> None:
    (folder / "new.py").write_text(SLIP)
    (folder / "slip.py").write_text(SLIP + OTHER.splitlines(keepends=True)[-1])
    status, out, _ = analyze(*KNOWN, "--output-format", "concise", ".", cwd=folder)
    assert status == 1
    assert [line.partition(": ")[0] for line in out.splitlines()] == [
        "new.py:9:48",
        "slip.py:10:48",
    ]


def test_moved_and_indented_lines_stay_known(folder: Path, analyze: Analyze) -> None:
    head, held = SLIP.rsplit("\n", 2)[0], SLIP.splitlines()[-1]
    (folder / "slip.py").write_text(f"# moved\n\n{head}\n\nif True:\n        {held}\n")
    assert analyze(*KNOWN, ".", cwd=folder)[::2] == (0, "")
    (folder / "slip.py").write_text(SLIP.replace("1.0})", "2.0})"))
    assert analyze(*KNOWN, ".", cwd=folder)[0] == 1


def test_more_of_the_same_are_new(folder: Path, analyze: Analyze) -> None:
    (folder / "slip.py").write_text(SLIP + SLIP.splitlines(keepends=True)[-1])
    status, out, _ = analyze(*KNOWN, "--output-format", "concise", "slip.py", cwd=folder)
    assert (status, out.partition(": ")[0]) == (1, "slip.py:10:48")
    analyze(*KNOWN, "--write-baseline", ".", cwd=folder)
    assert _known(folder)["slip.py"][0]["count"] == 2
    assert analyze(*KNOWN, ".", cwd=folder)[0] == 0


def test_it_holds_from_any_folder(folder: Path, analyze: Analyze) -> None:
    baseline = ("--static", "--baseline", "../known.json")
    assert analyze(*baseline, "..", "funnel.py", "--fail-on", "info", cwd=folder / "deep")[0] == 0
    absolute = ("--static", "--baseline", str(folder / "known.json"), str(folder))
    assert analyze(*absolute, cwd=folder.parent)[0] == 0
    analyze(*baseline, "--write-baseline", str(folder), cwd=folder / "deep")
    assert set(_known(folder)) == {"slip.py", "deep/funnel.py"}


def test_it_may_be_a_setting(folder: Path, analyze: Analyze) -> None:
    (folder / "numpyro-lint.toml").write_text('baseline = "known.json"\n')
    assert analyze("--static", ".", cwd=folder)[0] == 0
    assert analyze("--static", "../slip.py", cwd=folder / "deep")[0] == 0
    assert analyze("--static", "--no-baseline", ".", cwd=folder)[0] == 1
    (folder / "new.py").write_text(SLIP)
    assert analyze("--static", ".", cwd=folder)[0] == 1
    _, out, _ = analyze("--static", "--write-baseline", "..", cwd=folder / "deep")
    assert out == f"3 findings written to {folder}/known.json\n"
    assert analyze("--static", ".", cwd=folder)[0] == 0


def test_what_is_gone_is_told_and_pruned(folder: Path, analyze: Analyze) -> None:
    (folder / "slip.py").write_text(CLEAN)
    (folder / "new.py").write_text(SLIP)
    _, _, err = analyze(*KNOWN, ".", cwd=folder)
    said = "analyze: 1 known finding of known.json no longer found; --prune-baseline removes them\n"
    assert err == said
    assert set(_known(folder)) == {"slip.py", "deep/funnel.py"}
    status, out, err = analyze(*KNOWN, "--prune-baseline", ".", cwd=folder)
    # What is new does not become known by that.
    assert status == 1
    assert "new.py:9" in out
    assert err == "analyze: 1 known finding removed from known.json, 1 left\n"
    assert set(_known(folder)) == {"deep/funnel.py"}
    assert analyze(*KNOWN, ".", cwd=folder)[2] == ""


def test_what_was_not_looked_at_is_not_gone(folder: Path, analyze: Analyze) -> None:
    quiet = [
        ("slip.py",),
        ("deep",),
        (".", "--select", "names"),
        (".", "--ignore", "funnel"),
    ]
    for arguments in quiet:
        assert analyze(*KNOWN, *arguments, cwd=folder)[2] == "", arguments
    (folder / "slip.py").write_text("import numpyro\n\ndef model(:\n    pass\n")
    assert "no longer" not in analyze(*KNOWN, ".", cwd=folder)[2]
    analyze(*KNOWN, "--select", "names", "--write-baseline", ".", cwd=folder)
    assert set(_known(folder)) == {"slip.py", "deep/funnel.py"}
    (folder / "deep/funnel.py").unlink()
    _, _, err = analyze(*KNOWN, "--prune-baseline", "slip.py", cwd=folder)
    assert "1 known finding removed" in err
    assert set(_known(folder)) == {"slip.py"}


WIDE = """\
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist


def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0).expand([5]).to_event(1))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


with numpyro.handlers.seed(rng_seed=0):
    model(jnp.ones((5, 1)))
"""


@pytest.mark.trace
def test_what_only_a_trace_finds_is_not_gone_without_one(tmp_path: Path, analyze: Analyze) -> None:
    def known() -> dict[str, str | None]:
        return {each["rule"]: each.get("source") for each in _known(tmp_path)["wide.py"]}

    (tmp_path / "wide.py").write_text(WIDE)
    traced = ("--no-values", "--baseline", "known.json")
    _, out, _ = analyze(*traced, "--write-baseline", "wide.py", cwd=tmp_path, traced=True)
    assert known()["broadcast-observation"] == "trace", out
    before = known()
    assert analyze(*KNOWN, "wide.py", cwd=tmp_path)[::2] == (0, "")
    analyze(*KNOWN, "--write-baseline", "wide.py", cwd=tmp_path)
    assert known() == before
    status, out, err = analyze(*traced, "wide.py", cwd=tmp_path, traced=True)
    assert (status, err) == (0, "")
    assert f"{len(before)} known finding" in out
    (tmp_path / "wide.py").write_text(WIDE.replace("(5, 1)", "(5,)"))
    _, _, err = analyze(*traced, "wide.py", cwd=tmp_path, traced=True)
    assert "1 known finding of known.json no longer found" in err


def test_fixes_leave_known_findings_alone(folder: Path, analyze: Analyze) -> None:
    other = OTHER.splitlines(keepends=True)[-1]
    (folder / "slip.py").write_text(SLIP + other)
    fix = ("--fix", "--unsafe-fixes", "slip.py")
    status, out, _ = analyze(*KNOWN, *fix, cwd=folder)
    assert status == 0
    assert "Fixed 1 finding in 1 file." in out
    assert (folder / "slip.py").read_text() == SLIP + other.replace("sloope", "slope")
    assert analyze(*KNOWN, "--diff", "--unsafe-fixes", "slip.py", cwd=folder)[:2] == (0, "")


@pytest.mark.parametrize("format", ["text", "concise", "html", "github", "gitlab", "junit"])
def test_known_findings_are_in_no_format(folder: Path, analyze: Analyze, format: str) -> None:
    status, out, _ = analyze(*KNOWN, "--output-format", format, ".", cwd=folder)
    assert status == 0
    assert "did you mean" not in out
    (folder / "slip.py").write_text(SLIP + OTHER.splitlines(keepends=True)[-1])
    status, out, _ = analyze(*KNOWN, "--output-format", format, ".", cwd=folder)
    assert status == 1
    assert "sloope" in out
    assert "named 'slop'" not in out


def test_json_counts_them(folder: Path, analyze: Analyze) -> None:
    _, out, _ = analyze(*KNOWN, "--output-format", "json", ".", cwd=folder)
    report = json.loads(out)
    jsonschema.Draft202012Validator(schema()).validate(report)
    assert (report["diagnostics"], report["summary"]["held"]) == ([], 2)
    _, out, _ = analyze("--static", "--output-format", "json", ".", cwd=folder)
    assert "held" not in json.loads(out)["summary"]


def test_sarif_tells_them_from_new_ones(folder: Path, analyze: Analyze) -> None:
    def states(*arguments: str) -> list[tuple[str, str | None, str]]:
        _, out, _ = analyze(*arguments, "--output-format", "sarif", ".", cwd=folder)
        return [
            (
                each["ruleId"],
                each.get("baselineState"),
                each["partialFingerprints"]["numpyroLint/v1"],
            )
            for each in json.loads(out)["runs"][0]["results"]
        ]

    (folder / "slip.py").write_text(SLIP + SLIP.splitlines(keepends=True)[-1])
    found = states(*KNOWN)
    assert [each[:2] for each in found] == [
        ("funnel", "unchanged"),
        ("unknown-site-in-handler", "unchanged"),
        ("unknown-site-in-handler", "new"),
    ]
    # A baseline changes no fingerprint.
    assert [each[1:] for each in states("--static")] == [(None, each[2]) for each in found]


def test_notebooks(tmp_path: Path, analyze: Analyze) -> None:
    path = tmp_path / "book.ipynb"
    path.write_bytes(NOTEBOOKS["as Jupyter writes it"]())
    analyze(*KNOWN, "--write-baseline", ".", cwd=tmp_path)
    path.write_bytes(NOTEBOOKS["in one line"]())
    assert analyze(*KNOWN, ".", cwd=tmp_path)[0] == 0
    content = json.loads(path.read_text())
    content["cells"].insert(0, content["cells"][0])
    path.write_text(json.dumps(content))
    assert analyze(*KNOWN, ".", cwd=tmp_path)[0] == 0


def test_a_path_that_is_no_text(tmp_path: Path, analyze: Analyze) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.py")).write_text(SLIP)
    analyze(*KNOWN, "--write-baseline", ".", cwd=tmp_path)
    assert (tmp_path / "known.json").read_text(encoding="utf-8").count("caf") == 1
    assert analyze(*KNOWN, "--output-format", "concise", ".", cwd=tmp_path) == (0, "", "")
    _, out, _ = analyze("--static", "--output-format", "json", ".", cwd=tmp_path)
    assert json.loads(out)["diagnostics"][0]["path"] == os.fsdecode(b"caf\xe9.py")
    _, out, _ = analyze("--static", "--output-format", "sarif", ".", cwd=tmp_path)
    assert '"uri": "caf%E9.py"' in out


def test_standard_input(folder: Path, analyze: Analyze) -> None:
    arguments = (*KNOWN, "-", "--stdin-filename")
    assert analyze(*arguments, "slip.py", cwd=folder, stdin=SLIP)[0] == 0
    assert analyze(*arguments, "other.py", cwd=folder, stdin=SLIP)[0] == 1
    analyze(*arguments, "other.py", "--write-baseline", cwd=folder, stdin=SLIP)
    assert analyze(*arguments, "other.py", cwd=folder, stdin=SLIP)[::2] == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--baseline", "none.json"), "none.json: there is no such baseline; --write-baseline"),
        (
            ("--write-baseline",),
            "--write-baseline needs --baseline FILE, or the setting 'baseline'",
        ),
        (("--prune-baseline",), "--prune-baseline needs --baseline FILE"),
        (("--baseline", "none.json", "--prune-baseline"), "none.json: there is no such baseline"),
        (("--baseline", "deep"), "deep: "),
        (("--baseline", "slip.py"), "slip.py: not a baseline of numpyro-lint"),
        (("--baseline", "list.json"), "list.json: not a baseline of numpyro-lint"),
        (("--baseline", "empty.json"), "empty.json: not a baseline of numpyro-lint"),
        (("--baseline", "next.json"), "next.json: a baseline of version 2, and only 1 is read"),
        (("--baseline", "known.json", "--write-baseline", "--diff"), "--diff writes nothing"),
        (("--baseline", "none/known.json", "--write-baseline"), "none/known.json: not written"),
    ],
)
def test_wrong_usage(folder: Path, analyze: Analyze, arguments: tuple[str, ...], said: str) -> None:
    (folder / "list.json").write_text("[1]")
    (folder / "empty.json").write_text('{"version": 1, "files": {"a.py": [{}]}}')
    (folder / "next.json").write_text('{"version": 2, "files": {}}')
    status, out, err = analyze("--static", *arguments, "slip.py", cwd=folder)
    assert (status, out) == (2, "")
    assert err.startswith(f"analyze: {said}")
    assert err.count("\n") == 1


def test_an_internal_error_is_never_held(tmp_path: Path) -> None:
    entry = {"rule": "internal-error", "site": "slop", "line": SLIP.splitlines()[-1]}
    known = {"version": 1, "files": {"slip.py": [entry]}}
    (tmp_path / "known.json").write_text(json.dumps(known))
    report = check(Source(str(tmp_path / "slip.py"), SLIP))
    (found,) = report.diagnostics
    baseline = load(str(tmp_path / "known.json"))
    broken = replace(report, diagnostics=(replace(found, rule="internal-error"),))
    assert baseline.holding(broken).diagnostics == broken.diagnostics
    # It is its rule alone for which it is not held.
    entry["rule"] = found.rule
    (tmp_path / "known.json").write_text(json.dumps(known))
    assert load(str(tmp_path / "known.json")).holding(report).diagnostics == ()


def test_it_is_written_as_files_are_here(tmp_path: Path, analyze: Analyze) -> None:
    (tmp_path / "slip.py").write_text(SLIP)
    (tmp_path / "kept").mkdir()
    (tmp_path / "known.json").symlink_to(tmp_path / "kept/known.json")
    analyze(*KNOWN, "--write-baseline", "slip.py", cwd=tmp_path)
    assert (tmp_path / "known.json").is_symlink()
    (tmp_path / "plain").write_text("")
    mode = os.stat(tmp_path / "kept/known.json").st_mode
    assert mode == os.stat(tmp_path / "plain").st_mode
    assert sorted(os.listdir(tmp_path / "kept")) == ["known.json"]
