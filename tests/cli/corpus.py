"""Folders of programs to run `analyze` on, and runs of it that are watched from outside."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from conftest import FLOORS, ROOT

MODELS = """\
import numpyro
import numpyro.distributions as dist
from {package}names import named


def model(y=None):
    slope = numpyro.sample(named("slope"), dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


held = numpyro.handlers.condition(model, data={{"my_slope": 1.0}})
"""
NAMES = 'def named(name):\n    return "my_" + name\n'
RENAMED = NAMES.replace("my_", "your_")


def project(folder: Path) -> Path:
    """A file with a model, another with its names, and the mark of a project around them."""
    (folder / "pyproject.toml").write_text("")
    (folder / "models.py").write_text(MODELS.format(package=""))
    (folder / "names.py").write_text(NAMES)
    return folder


def large(folder: Path) -> Path:
    """A folder with enough of programs for several processes, and a project among them."""
    for name in ("agreement", "tracing", "faults/hosts"):
        shutil.copytree(ROOT / "tests" / name, folder / name)
    (folder / "own").mkdir()
    project(folder / "own")
    return folder


def command(*arguments: str, before: str = "") -> list[str]:
    """`analyze` in a process of its own, with something done `before`."""
    program = "from numpyro_lint.cli.main import entry\nentry()\n"
    return [sys.executable, "-c", f"{before}\n{program}", *arguments]


def environment(caches: Path) -> dict[str, str]:
    """That of a run that keeps what it keeps in a folder."""
    return {
        **os.environ, "PYTHONPATH": FLOORS, "NO_COLOR": "1", "XDG_CACHE_HOME": str(caches)
    }  # fmt: skip


def run(
    folder: Path, *arguments: str, caches: Path | None = None, before: str = ""
) -> tuple[int, str, str]:
    """Exit status, output and errors of a static run, but for how long it took."""
    caches = caches or folder / "no such folder"
    done = subprocess.run(
        command("--static", *arguments, before=before), cwd=folder, env=environment(caches),
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return done.returncode, timeless(done.stdout), done.stderr


def timeless(output: str) -> str:
    """An output without how long things took."""
    output = re.sub(r"\(\d+\.\d s\)", "(TIME)", output)
    return re.sub(r'"seconds": [\d.]+', '"seconds": 0', output)


def loaded(output: str) -> dict[str, Any]:
    """A JSON report."""
    report: dict[str, Any] = json.loads(output)
    return report
