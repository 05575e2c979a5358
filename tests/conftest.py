from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from numpyro_lint_runtime.host import Host

# Most of what tests compile runs once: to optimise it takes longer than that saves. Of this process
# and of all that it starts; to be said before jax is imported.
os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_backend_optimization_level=0"

ROOT = Path(__file__).parents[1]
# What tests record to be said at the end, and under which heading.
_TOLD = {
    "agreement": "agreement of text and trace",
    "trace coverage": "programs in the manner of real ones, traced with nothing configured",
}
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end what the comparisons with NumPyro have been through."""
    _summarise_algebra(terminalreporter)
    _summarise_written(terminalreporter)
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if report.when == "call" and name in _TOLD:
                terminalreporter.section(_TOLD[name])
                terminalreporter.write_line(value)


def _summarise_algebra(terminalreporter: pytest.TerminalReporter) -> None:
    handlers: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    cases = raised = 0
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == "algebra" and getattr(report, "when", "") == "call":
                cases, raised = cases + value[0], raised + value[1]
                handlers.update(value[2])
                for pair, count in value[3]:
                    pairs[tuple(pair)] += count
    if not cases:
        return
    names = sorted(handlers)
    write = terminalreporter.write_line
    terminalreporter.section("handler algebra")
    write(f"{cases} programs, {raised} of which NumPyro refuses")
    write("outer \\ inner" + "".join(f"{name[:6]:>7}" for name in names) + "    all")
    for outer in names:
        counts = "".join(f"{pairs[outer, inner]:7}" for inner in names)
        write(f"{outer:<13}{counts}{handlers[outer]:7}")


def _summarise_written(terminalreporter: pytest.TerminalReporter) -> None:
    constructs: Counter[str] = Counter()
    stacks = raised = undecided = 0
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == "written" and getattr(report, "when", "") == "call":
                stacks, raised = stacks + value[0], raised + value[1]
                undecided += value[2]
                constructs.update(value[3])
    if not stacks:
        return
    terminalreporter.section("models as people write them: programs by construct")
    terminalreporter.write_line(
        f"{stacks} runs, {raised} of which NumPyro refuses; {undecided} are not told to the last"
    )
    cells = [f"{name:<24}{count:4}" for name, count in sorted(constructs.items())]
    for first in range(0, len(cells), 3):
        terminalreporter.write_line("   ".join(cells[first : first + 3]))
