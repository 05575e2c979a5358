"""How a release is made: the workflow, and what it is checked for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import release
import yaml

from numpyro_lint import __version__

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github/workflows/release.yml"
TEXT = WORKFLOW.read_text()
JOBS: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["jobs"]


def test_the_workflow_follows_its_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", str(WORKFLOW)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_the_workflow_runs_targets_that_there_are() -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = re.findall(r"run: make ([\w-]+)", TEXT)
    assert asked == ["release-files", "test-release"]
    assert set(asked) <= targets


def test_what_publishes_builds_nothing_and_may_do_one_thing() -> None:
    assert yaml.safe_load(TEXT)["permissions"] == {}
    assert {name: each["permissions"] for name, each in JOBS.items()} == {
        "build": {"contents": "read"},
        "pypi": {"id-token": "write"},
        "github": {"contents": "write"},
    }
    assert [JOBS[name].get("needs") for name in ("build", "pypi", "github")] == [
        None,
        "build",
        "pypi",
    ]
    runs = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    assert [each for each in runs if "${{" in each] == [], "what is put into a script is run"


def test_all_files_have_one_version() -> None:
    said = release.versions()
    assert len(said) == 5
    assert release.disagreements(f"v{__version__}", said) == []


@pytest.mark.parametrize("tag", ["", "v", "1.0.0", "v1.0.0", f"{__version__}", f"vv{__version__}"])
def test_another_tag_is_refused(tag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert release.main(tag) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err


def test_a_file_that_was_forgotten_is_named(tmp_path: Path) -> None:
    for name in ("analyzer/numpyro_lint/__init__.py", "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "editors/vscode").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "CHANGELOG.md"):
        text = (ROOT / "editors/vscode" / name).read_text()
        (tmp_path / "editors/vscode" / name).write_text(text.replace(__version__, "9.9.9", 1))
    wrong = release.disagreements(f"v{__version__}", release.versions(tmp_path))
    assert wrong == [
        f"editors/vscode/{name} has 9.9.9, not {__version__}"
        for name in ("package.json", "package-lock.json", "CHANGELOG.md")
    ]


def test_the_notes_are_the_section_of_the_changelog(capsys: pytest.CaptureFixture[str]) -> None:
    changelog = "# Changelog\n\n## 0.3.0\n\n- Newer.\n\n## 0.2.0\n\n- New.\n\n## 0.1.0\n\n- Old.\n"
    assert release.notes(changelog, "0.2.0") == "- New."
    assert release.main(f"v{__version__}") == 0
    told = capsys.readouterr().out.strip()
    assert told
    assert told in (ROOT / "CHANGELOG.md").read_text()
