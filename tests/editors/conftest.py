"""Real editors, driven by scripts of their own: they print what was seen as JSON."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from editors.support import ROOT, Run


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Eight schools, in a project of its own."""
    (tmp_path / "pyproject.toml").write_text("")
    return Path(shutil.copy(ROOT / "examples" / "eight_schools.py", tmp_path))


@pytest.fixture
def run(model: Path) -> Run:
    """Runs an editor in the model's folder, and gives what it printed.

    The server, and the Python in which models are traced, are those that run the tests.
    """
    home = model.parent / "home"
    home.mkdir()
    bin_folder = Path(sys.executable).parent
    environment = os.environ | {
        "HOME": str(home),
        "PATH": os.pathsep.join([str(bin_folder), os.environ["PATH"]]),
        "VIRTUAL_ENV": str(bin_folder.parent),
        "XDG_CACHE_HOME": str(home / "cache"),
    }

    def run(command: Sequence[str]) -> dict[str, Any]:
        ended = subprocess.run(
            command,
            cwd=model.parent,
            env=environment,
            capture_output=True,
            text=True,
            timeout=150,
        )
        assert ended.returncode == 0, ended.stderr + ended.stdout
        seen: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
        return seen

    return run
