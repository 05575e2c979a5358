"""What a run of many models costs: a file of them, and a folder of files with one each.

One worker traces them all. Told are the seconds for each model, the workers that were started, and
by how much the worker has grown, and the process that it forks to trace a file. Exits with 1 where
there was more than one worker, or one has grown by more than its goal.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from startup import FLOORS

sys.path[:0] = FLOORS

from warm_trace import file_of  # noqa: E402

from numpyro_lint.config import Settings  # noqa: E402
from numpyro_lint.model.lift import lift  # noqa: E402
from numpyro_lint.text import Source  # noqa: E402
from numpyro_lint.tracing import trace_models  # noqa: E402
from numpyro_lint_runtime.host import Host  # noqa: E402

# MiB by which the worker, and the process that it forks for a file, may grow in a run.
GROWTH_GOAL = 32.0
EVERY = 10


def resident(pid: int) -> float:
    """MiB that are resident of a process, but for files that it has mapped; 0 where none tells."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    kept = [line for line in lines if line.startswith(("RssAnon:", "RssShmem:"))]
    return sum(float(line.split()[1]) for line in kept) / 1024


def forks(pid: int) -> list[int]:
    """The processes that a worker has forked and not ended yet."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = next(line for line in status.read_text().splitlines() if line[:5] == "PPid:")
        except (OSError, StopIteration):
            continue
        if int(parent.split()[1]) == pid:
            found.append(int(status.parent.name))
    return found


class Run(NamedTuple):
    """Seconds, the workers that traced, and MiB by which the worker and a fork have grown."""

    seconds: float
    workers: set[int]
    worker_grown: float
    fork_grown: float


def traced(host: Host, folder: Path, texts: list[str]) -> Run:
    """A run of some files."""
    host.start()
    pid = host.pid
    assert pid is not None
    before, elapsed = resident(pid), 0.0
    workers, sizes = {pid}, dict[int, list[float]]()
    for index, text in enumerate(texts):
        source = Source(str(folder / f"models_{index}.py"), text)
        begun = time.perf_counter()
        for number, attached in enumerate(trace_models(lift(source), Settings(), host)):
            assert attached.ok, attached.result.failure
            workers.add(host.pid or 0)
            if number % EVERY == 0 and len(texts) == 1:
                elapsed += time.perf_counter() - begun
                for each in forks(pid):
                    sizes.setdefault(each, []).append(resident(each))
                begun = time.perf_counter()
        elapsed += time.perf_counter() - begun
    # What traces has grown the most; another is kept ready. The first model fills caches.
    grown = max((size[-1] - size[1] for size in sizes.values() if len(size) > 1), default=0.0)
    return Run(elapsed, workers, resident(pid) - before, grown)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--models", type=int, default=200, help="models (%(default)s)")
    models = parser.parse_args().models
    print(f"{models} models of eight schools")
    failed = False
    for name, texts in {
        "in one file": [file_of(models)],
        "in a file each": [file_of(1)] * models,
    }.items():
        with Host(sys.executable) as host, tempfile.TemporaryDirectory() as folder:
            run = traced(host, Path(folder), texts)
        print(
            f"{name:<16}{1000 * run.seconds / models:>8.1f} ms a model, {len(run.workers)} worker, "
            f"grown by {run.worker_grown:.1f} MiB, its fork by {run.fork_grown:.1f} MiB"
            f" (goal: at most {GROWTH_GOAL:g})"
        )
        failed |= len(run.workers) != 1
        failed |= max(run.worker_grown, run.fork_grown) > GROWTH_GOAL
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
