"""What docs/ci.md shows is what GitHub, GitLab and `analyze` take."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from numpyro_lint.cli.baseline import load
from numpyro_lint.cli.options import parser

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/ci.md").read_text()
_BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)
_YAML = [text for kind, text in _BLOCKS if kind == "yaml"]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


@pytest.mark.parametrize("text", _YAML)
def test_workflows_follow_their_schemas(tmp_path: Path, text: str) -> None:
    schema = "vendor.github-workflows" if "\njobs:\n" in text else "vendor.gitlab-ci"
    (tmp_path / "ci.yml").write_text(text)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    done = subprocess.run([*command, str(tmp_path / "ci.yml")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_workflows_give_inputs_that_there_are() -> None:
    steps = [
        step
        for text in _YAML
        for job in yaml.safe_load(text).get("jobs", {}).values()
        for step in job["steps"]
        if "numpyro-lint@" in step.get("uses", "")
    ]
    assert len(steps) == 2
    for step in steps:
        assert set(step["with"]) <= set(ACTION["inputs"])
        parser().parse_args(shlex.split(step["with"]["args"]))


def test_inputs_are_told_with_their_defaults() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (?:`(.*?)`)? ?\|", PAGE, re.M)
    assert dict(rows) == {name: each["default"] for name, each in ACTION["inputs"].items()}


def test_commands_are_understood() -> None:
    commands = re.findall(r"^ +(?:- )?analyze (.*?)(?:$|   | > )", PAGE, re.M)
    assert len(commands) == 11
    for command in commands:
        assert parser().parse_args(shlex.split(command)).paths


def test_the_baseline_is_one(tmp_path: Path) -> None:
    ((_, text),) = [each for each in _BLOCKS if each[0] == "json"]
    (tmp_path / "known.json").write_text(text)
    assert load(str(tmp_path / "known.json")).count == len(json.loads(text)["files"]) == 1
