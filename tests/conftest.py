from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from numpyro_lint_runtime.host import Host

ROOT = Path(__file__).parents[1]
FLOORS = os.pathsep.join(str(ROOT / name) for name in ("analyzer", "runtime", "lsp_server"))


@pytest.fixture(scope="session")
def tracer() -> Iterator[Host]:
    """One warm worker for all tests that trace files."""
    with Host(sys.executable) as host:
        yield host


@pytest.fixture(scope="session")
def analyze() -> Callable[..., tuple[int, str, str]]:
    """Runs the command line in a process: exit status, output, errors."""

    def run(
        *arguments: str, stdin: str = "", cwd: Path = ROOT, traced: bool = False
    ) -> tuple[int, str, str]:
        environment = {**os.environ, "PYTHONPATH": FLOORS, "NO_COLOR": "1"}
        if traced:
            arguments = ("--python", sys.executable, *arguments)
        done = subprocess.run(
            [sys.executable, "-m", "numpyro_lint.cli.main", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=cwd,
            env=environment,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run
