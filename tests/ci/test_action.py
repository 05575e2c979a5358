"""The GitHub action at the root: its steps, run by bash as a runner of GitHub runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli.programs import CLEAN, SLIP

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
_EXPRESSION = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _evaluated(text: str, inputs: dict[str, str]) -> str:
    return _EXPRESSION.sub(lambda match: inputs[match[1]], text)


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a runner calls RUNNER_TEMP, where the action makes its environment."""
    return tmp_path_factory.mktemp("a runner")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder/slip.py").write_text(SLIP)
    (tmp_path / "clean.py").write_text(CLEAN)
    return tmp_path


@pytest.fixture
def step(temporary: Path, workspace: Path) -> Run:
    """Runs a step of the action with some inputs."""

    def run(number: int, **given: str) -> subprocess.CompletedProcess[str]:
        defaults = {name: each["default"] for name, each in ACTION["inputs"].items()}
        inputs = defaults | {"python": sys.executable}
        inputs |= {name.replace("_", "-"): value for name, value in given.items()}
        each = ACTION["runs"]["steps"][number]
        assert "${{" not in each["run"], "an input in a script is run as part of it"
        variables = {key: _evaluated(value, inputs) for key, value in each["env"].items()}
        runner = {"RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(ROOT)}
        clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
        script = workspace.parent / f"{workspace.name}.sh"
        script.write_text(each["run"])
        return subprocess.run(
            # https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=workspace / _evaluated(each["working-directory"], inputs),
            env=clean | runner | variables,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


@pytest.fixture
def installed(step: Run, temporary: Path) -> None:
    """The first step, taken once."""
    if not (temporary / "numpyro-lint").exists():
        done = step(0)
        assert done.returncode == 0, done.stderr


def test_it_is_an_action() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-actions", "action.yml"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    used = {name for step in ACTION["runs"]["steps"] for name in _EXPRESSION.findall(str(step))}
    assert used == set(ACTION["inputs"])


@pytest.mark.hooks
@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_it_annotates(step: Run) -> None:
    done = step(1, args="--static")
    assert done.returncode == 1, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith("::error file=a folder/slip.py,line=9,")
    assert step(1, args="--static", paths="clean.py").returncode == 0
    assert step(1, args="--static --exit-zero").returncode == 0
    assert step(1, args="--static --no-such-option").returncode == 2


@pytest.mark.hooks
@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_its_words_are_split_as_a_shell_does_and_never_run(step: Run, workspace: Path) -> None:
    paths = "'a folder/slip.py'\n  clean.py"
    done = step(1, args="--static", paths=paths, format="json")
    files = [each["path"] for each in json.loads(done.stdout)["files"]]
    assert files == ["a folder/slip.py", "clean.py"]
    done = step(1, args="--static", paths="clean.py $(touch made) `touch made` ;touch made *")
    assert done.returncode == 2
    assert not (workspace / "made").exists()
    assert step(1, args="--static", paths="'clean.py").returncode != 0


@pytest.mark.hooks
@pytest.mark.slow
@pytest.mark.usefixtures("installed")
def test_it_writes_sarif_and_fails_all_the_same(step: Run, workspace: Path) -> None:
    done = step(1, args="--static", sarif_file="found.sarif", working_directory="a folder")
    assert (done.returncode, done.stdout) == (1, "")
    log = json.loads((workspace / "a folder/found.sarif").read_text())
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == ["unknown-site-in-handler"]


@pytest.mark.hooks
@pytest.mark.slow
@pytest.mark.trace
@pytest.mark.usefixtures("installed")
def test_it_traces_with_the_python_that_has_numpyro(step: Run) -> None:
    done = step(1, args="--no-values --exit-zero", paths="clean.py", format="json")
    (model,) = json.loads(done.stdout)["files"][0]["models"]
    assert model["trace"]["status"] == "ok", done.stderr
