"""A Dask cluster of several processes on this machine, and runs of `analyze` on it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.corpus import environment
from distributed import Client

WAIT = 60.0
# What JAX compiles runs a few seconds at the most here.
QUICK = {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}


def until(what: Callable[[], Any]) -> Any:
    """What a function gives as soon as that is true."""
    end = time.monotonic() + WAIT
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


class Cluster:
    """A scheduler and workers, each a process of one thread: what is started here ends here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(file))
        self.address: str = json.loads(until(lambda: file.exists() and file.read_text()))["address"]

    def grow(self, count: int) -> None:
        """Have so many workers more."""
        with self.client() as client:
            there = len(client.nthreads())
            for number in range(there, there + count):
                self._start(
                    "worker", self.address, "--no-nanny", "--nthreads", "1",
                    "--local-directory", str(self.folder / f"worker-{number}"),
                )  # fmt: skip
            client.wait_for_workers(there + count, timeout=WAIT)

    def client(self) -> Client:
        return Client(self.address, timeout=WAIT, set_as_default=False)

    def close(self) -> None:
        # The scheduler last: a worker takes its leave of it.
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(WAIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"log-{len(self.processes)}"
        with log.open("wb") as output:
            started = subprocess.Popen(
                [sys.executable, "-m", "dask", what, *arguments, "--host", "127.0.0.1",
                 "--dashboard-address", "127.0.0.1:0", "--no-dashboard"],
                env=environment(self.folder) | QUICK, cwd=self.folder, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        self.processes.append(started)
        return started


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three workers, of which a test may kill some if it has others take their places."""
    running = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        running.grow(3)
        yield running
    finally:
        running.close()


@pytest.fixture
def lone_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A scheduler without workers, which does not give a task to a second one."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    running = Cluster(tmp_path)
    yield running
    running.close()


def began(folder: Path, *arguments: str, caches: Path | None = None) -> subprocess.Popen[str]:
    """A run of `analyze` in a folder, on its way."""
    return subprocess.Popen(
        [sys.executable, "-m", "numpyro_lint", *arguments], cwd=folder, text=True,
        env=environment(caches or folder.parent) | QUICK, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def analyzed(folder: Path, *arguments: str, caches: Path | None = None) -> tuple[int, str, str]:
    """Exit status, output and errors of a whole run."""
    process = began(folder, *arguments, caches=caches)
    out, errors = process.communicate(timeout=300)
    return process.returncode, out, errors
