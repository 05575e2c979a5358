"""`analyze` as a program: exit status, formats, usage errors, what it imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.programs import CLEAN, FUNNEL, SLIP

from numpyro_lint import __version__

ROOT = Path(__file__).parents[2]
Analyze = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "clean.py").write_text(CLEAN)
    (tmp_path / "slip.py").write_text(SLIP)
    (tmp_path / "funnel.py").write_text(FUNNEL)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["clean.py"], 0),
        (["slip.py"], 1),
        (["slip.py", "--exit-zero"], 0),
        (["slip.py", "--ignore", "unknown-site-in-handler"], 0),
        (["slip.py", "--ignore", "handlers"], 0),
        (["slip.py", "--select", "names"], 0),
        (["funnel.py"], 0),
        (["funnel.py", "--fail-on", "info"], 1),
        (["."], 1),
        (["no-such-file.py"], 2),
        ([], 2),
        (["clean.py", "--select", "no-such-rule"], 2),
        (["clean.py", "--select", ","], 2),
        (["clean.py", "--timeout", "nan"], 2),
        (["clean.py", "--timeout", "-1"], 2),
        (["clean.py", "--seed", str(10**23)], 2),
        (["clean.py", "--python", "no-such-python"], 2),
        (["clean.py", "--require-trace"], 2),
        (["--no-such-flag"], 2),
    ],
)
def test_exit_status(folder: Path, analyze: Analyze, arguments: list[str], expected: int) -> None:
    if expected == 2 and arguments == ["--no-such-flag"]:
        assert analyze(*arguments, cwd=folder)[0] == 2
        return
    status, out, err = analyze("--static", *arguments, cwd=folder)
    assert status == expected, out + err
    if expected == 2:
        assert err.startswith("analyze: ")
        assert err.count("\n") == 1


def test_unknown_rule_names_the_near_one(folder: Path, analyze: Analyze) -> None:
    _, _, err = analyze("--static", "clean.py", "--select", "duplicate-sites", cwd=folder)
    assert "did you mean 'duplicate-site'?" in err


def test_text_shows_source_and_caret(folder: Path, analyze: Analyze) -> None:
    _, out, _ = analyze("--static", "slip.py", cwd=folder)
    lines = out.splitlines()
    index = next(i for i, line in enumerate(lines) if "condition(model" in line and "|" in line)
    caret = lines[index + 1]
    start = lines[index].index('"slop"')
    assert caret[start : start + 6] == "^^^^^^"
    assert "did you mean 'slope'?" in out
    assert "\x1b" not in out


def test_colour_only_where_asked(
    folder: Path, analyze: Analyze, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = analyze("--static", "slip.py", cwd=folder)
    assert "\x1b[1;31merror[unknown-site-in-handler]\x1b[0m" in out


def test_concise(folder: Path, analyze: Analyze) -> None:
    _, out, _ = analyze("--static", "--output-format", "concise", "slip.py", cwd=folder)
    (line,) = out.splitlines()
    assert line.startswith("slip.py:9:48: error[unknown-site-in-handler] ")


def test_standard_input(analyze: Analyze) -> None:
    status, out, _ = analyze(
        "--static", "--output-format", "json", "-", "--stdin-filename", "piped.py", stdin=SLIP
    )
    assert status == 1
    assert json.loads(out)["diagnostics"][0]["path"] == "piped.py"


def test_ignore_comment(folder: Path, analyze: Analyze) -> None:
    marked = SLIP.rstrip("\n") + "  # numpyro-lint: ignore[unknown-site-in-handler] meant\n"
    (folder / "slip.py").write_text(marked)
    assert analyze("--static", "slip.py", cwd=folder)[0] == 0


def test_output_is_deterministic(folder: Path, analyze: Analyze) -> None:
    def once() -> dict[str, object]:
        loaded: dict[str, object] = json.loads(
            analyze("--static", "--output-format", "json", ".", cwd=folder)[1]
        )
        del loaded["summary"]
        return loaded

    assert once() == once()


def test_broken_file_is_a_finding(folder: Path, analyze: Analyze) -> None:
    (folder / "broken.py").write_text("import numpyro\n\ndef model(:\n    pass\n")
    status, out, _ = analyze("--static", "--output-format", "concise", "broken.py", cwd=folder)
    assert status == 1
    assert "broken.py:3:11: error[invalid-syntax]" in out


def test_configuration_error_names_file_key_and_near_key(folder: Path, analyze: Analyze) -> None:
    (folder / "numpyro-lint.toml").write_text('ignor = ["funnel"]\n')
    status, _, err = analyze("--static", "clean.py", cwd=folder)
    assert status == 2
    assert "numpyro-lint.toml: unknown key 'ignor'; did you mean 'ignore'?" in err


@pytest.mark.parametrize(
    "text",
    ["tool = 3  # numpyro-lint", "[tool]\nnumpyro-lint = 3", "[tool.numpyro-lint]\nseed = true"],
)
def test_broken_configuration_is_one_line(folder: Path, analyze: Analyze, text: str) -> None:
    (folder / "pyproject.toml").write_text(text + "\n")
    status, _, err = analyze("--static", "clean.py", cwd=folder)
    assert status == 2
    assert "pyproject.toml" in err
    assert err.count("\n") == 1


def test_a_command_that_stands_after_an_option_is_told(folder: Path, analyze: Analyze) -> None:
    status, _, err = analyze("--static", "trace", "clean.py", cwd=folder)
    assert status == 2
    assert "trace: no such file or folder" in err
    assert "it comes first: analyze trace" in err


def test_an_unreadable_file_costs_itself_alone(folder: Path, analyze: Analyze) -> None:
    (folder / "binary.py").write_bytes(b"\xff\xfe\x00import numpyro")
    status, out, err = analyze("--static", "--output-format", "concise", ".", cwd=folder)
    assert status == 2
    assert "slip.py:9:48" in out
    assert err.startswith("analyze: binary.py: ")


def test_named_files_are_excluded_where_that_is_asked(folder: Path, analyze: Analyze) -> None:
    (folder / "numpyro-lint.toml").write_text('exclude = ["slip.py"]\n')
    assert analyze("--static", "slip.py", cwd=folder)[0] == 1
    assert analyze("--static", "--force-exclude", "slip.py", cwd=folder)[0] == 0


def test_one_file_under_two_names_is_read_once(folder: Path, analyze: Analyze) -> None:
    twice = ("slip.py", str(folder / "slip.py"))
    _, out, _ = analyze("--static", "--output-format", "json", *twice, cwd=folder)
    assert len(json.loads(out)["files"]) == 1


def test_configuration_is_read(folder: Path, analyze: Analyze) -> None:
    (folder / "pyproject.toml").write_text('[tool.numpyro-lint]\nignore = ["handlers"]\n')
    assert analyze("--static", "slip.py", cwd=folder)[0] == 0


def test_the_command_line_goes_over_the_configuration(folder: Path, analyze: Analyze) -> None:
    def rules(*arguments: str) -> set[str]:
        _, out, _ = analyze("--static", "--output-format", "json", *arguments, ".", cwd=folder)
        return {each["rule"] for each in json.loads(out)["diagnostics"]}

    (folder / "numpyro-lint.toml").write_text(
        'select = ["handlers"]\nignore = ["funnel"]\nextend-select = ["names"]\n'
    )
    key = "unknown-site-in-handler"
    assert rules() == {key}
    assert rules("--extend-select", "geometry") == {key}
    assert rules("--ignore", "names", "--extend-select", "geometry, tool") == {key, "funnel"}
    assert rules("--select", "funnel") == {"funnel"}
    assert rules("--select", "ALL") == {key, "funnel"}


def test_levels_of_the_configuration(folder: Path, analyze: Analyze) -> None:
    (folder / "numpyro-lint.toml").write_text('[severity]\nunknown-site-in-handler = "info"\n')
    assert analyze("--static", "slip.py", cwd=folder)[0] == 0
    assert analyze("--static", "slip.py", "--fail-on", "info", cwd=folder)[0] == 1
    (folder / "numpyro-lint.toml").write_text('fail-on = "info"\nmin-severity = "error"\n')
    status, out, _ = analyze("--static", "--output-format", "concise", "funnel.py", cwd=folder)
    assert (status, out) == (1, "")
    (folder / "numpyro-lint.toml").write_text('[severity]\nfunnel = "hint"\n')
    _, out, _ = analyze("--static", "--output-format", "concise", "funnel.py", cwd=folder)
    assert out == ""
    hints = ("--static", "--output-format", "concise", "--pedantic", "funnel.py")
    assert "hint[funnel]" in analyze(*hints, cwd=folder)[1]


def test_patterns_start_from_the_configuration(folder: Path, analyze: Analyze) -> None:
    (folder / "deep").mkdir()
    (folder / "deep/slip.py").write_text(SLIP)
    (folder / "numpyro-lint.toml").write_text('[per-file-ignores]\n"deep/*" = ["handlers"]\n')
    assert analyze("--static", "slip.py", cwd=folder)[0] == 1
    assert analyze("--static", "deep/slip.py", cwd=folder)[0] == 0
    assert analyze("--static", "slip.py", cwd=folder / "deep")[0] == 0
    (folder / "numpyro-lint.toml").write_text('exclude = ["deep/slip.py"]\n')
    assert analyze("--static", ".", cwd=folder / "deep")[0] == 0


def test_an_unused_comment_does_not_fail_a_run(folder: Path, analyze: Analyze) -> None:
    (folder / "clean.py").write_text(f"# numpyro-lint: file-ignore[unseeded-model]\n{CLEAN}")
    status, out, _ = analyze("--static", "clean.py", cwd=folder)
    assert status == 0
    assert "info[unused-suppression]" in out
    (folder / "clean.py").write_text(f"# numpyro-lint: file-ignore[broadcast-observation]\n{CLEAN}")
    assert "unused" not in analyze("--static", "clean.py", cwd=folder)[1]


def test_a_damaged_notebook_is_a_finding(folder: Path, analyze: Analyze) -> None:
    old = {"nbformat": 3, "worksheets": [], "metadata": {"name": "numpyro"}}
    (folder / "old.ipynb").write_text(json.dumps(old))
    status, out, err = analyze("--static", "--output-format", "concise", "old.ipynb", cwd=folder)
    assert (status, err) == (1, "")
    assert out.startswith("old.ipynb:1:2: error[invalid-notebook] a notebook of format 3")
    (folder / "long.ipynb").write_text(json.dumps(old | {"metadata": {"numpyro": "x" * 100_000}}))
    assert len(analyze("--static", "long.ipynb", cwd=folder)[1]) < 2000
    arguments = ("--static", "--output-format", "json", "-", "--stdin-filename", "a.ipynb")
    _, out, _ = analyze(*arguments, stdin="{numpyro")
    assert json.loads(out)["diagnostics"][0]["cell"] is None


def test_rules_and_explain(analyze: Analyze) -> None:
    status, out, _ = analyze("rules")
    assert status == 0
    assert "funnel" in out
    status, out, _ = analyze("rules", "geometry", "not-traced")
    assert "funnel" in out
    assert "duplicate-site" not in out
    _, out, _ = analyze("rules", "--output-format", "json")
    rules = {each["name"]: each for each in json.loads(out)}
    assert rules["funnel"]["category"] == "geometry"
    assert rules["unused-suppression"]["fix"] is True
    assert rules["broadcast-observation"]["trace"] is True
    status, out, _ = analyze("explain", "funnel")
    assert status == 0
    assert "## Why is this bad" in out
    assert (
        "# unknown-site-in-handler (error, handlers, has a fix)"
        in analyze("explain", "handlers")[1]
    )
    status, _, err = analyze("explain", "funel")
    assert status == 2
    assert "did you mean 'funnel'?" in err
    assert analyze("rules", "funel")[0] == 2


def test_schema_of_configurations_is_printed(analyze: Analyze) -> None:
    status, out, _ = analyze("config-schema")
    assert status == 0
    assert out == (ROOT / "docs/config.schema.json").read_text()


def test_static_analysis_imports_no_heavy_package(folder: Path) -> None:
    program = (
        "import sys\n"
        "from numpyro_lint.cli.main import main\n"
        "main(['--static', 'slip.py'])\n"
        "own = {f'numpyro_lint.{name}' for name in ('suppress', 'config_schema', 'fix')}\n"
        "own.add('numpyro_lint.cli.cluster')\n"
        "heavy = {'jax', 'numpy', 'numpyro', 'libcst', 'pygls', 'tomllib', 'distributed', *own}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    path = [each for each in sys.path if each]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{program}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_static_runs_no_code(folder: Path, analyze: Analyze) -> None:
    (folder / "loud.py").write_text(f"open('made', 'w')\n{CLEAN}\nmodel()\n")
    analyze("--static", "loud.py", cwd=folder)
    assert not (folder / "made").exists()


def test_it_is_a_module_too() -> None:
    command = [sys.executable, "-m", "numpyro_lint", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.split()[-1] == __version__


def test_the_server_imports_nothing_of_the_folder_it_is_started_in(tmp_path: Path) -> None:
    (tmp_path / "lsprotocol.py").write_text("raise SystemExit(7)")
    command = [sys.executable, "-m", "numpyro_lint", "server", "--help"]
    path = os.pathsep.join(str(ROOT / floor) for floor in ("analyzer", "runtime", "lsp_server"))
    # `-P` for the program that is run first: it is installed, and has no folder of its own.
    ended = subprocess.run(
        [command[0], "-P", *command[1:]],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
