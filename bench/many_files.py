"""What several processes and what is kept between runs are worth, by the number of files.

The corpus is made of the programs of tests/ and examples/ that hold models, under other names and
with another constant in each, so that no two are alike. Each row is the median of several rounds;
in a round all ways are run in turn, so that a busy machine slows them alike, and they are compared
within the round. Processes are told apart by wall time, what is kept by CPU time too. Exits with 1
where a warm run does not gain, or where one that has too little to gain from loses.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from cost import Cost, run
from startup import FLOORS, PROGRAM, ROOT

OWN = ("examples", "tests/agreement", "tests/faults/hosts", "tests/tracing/programs")
SIZES = (1, 10, 100, 1000)
# What is kept is to pay from so many files on, and cost next to nothing before.
FROM, LOSS = 100, 1.1


WAYS: dict[str, tuple[str, ...]] = {
    "jobs 1": ("--no-cache", "--jobs", "1"),
    "jobs 2": ("--no-cache", "--jobs", "2"),
    "cold": ("--jobs", "1"),
    "warm": ("--jobs", "1"),
}


def programs() -> list[str]:
    """The texts to make a corpus of."""
    found = [path for each in OWN for path in sorted((ROOT / each).rglob("*.py"))]
    texts = (path.read_text(encoding="utf-8", errors="ignore") for path in found)
    return [text for text in texts if "numpyro.sample" in text]


def corpus(folder: Path, files: int) -> int:
    """Writes so many programs, no two of them alike; gives their characters."""
    size = 0
    for number, text in enumerate(islice(cycle(programs()), files)):
        changed = f"{text}\n\nNUMBER_{number} = {number}\n"
        (folder / f"program_{number:04}.py").write_text(changed, encoding="utf-8")
        size += len(changed)
    return size


def cost(folder: Path, caches: Path, way: tuple[str, ...], form: str) -> Cost:
    """One run of the command."""
    command = [sys.executable, "-c", PROGRAM, "--static", "--exit-zero", "--output-format", form]
    environment = {"XDG_CACHE_HOME": str(caches), "PYTHONPATH": os.pathsep.join(FLOORS)}
    return run([*command, *way, "."], folder, environment)


def rounds(folder: Path, form: str, count: int) -> Iterator[dict[str, Cost]]:
    """What each way costs, round by round: the last two share what is kept."""
    for _ in range(count):
        with tempfile.TemporaryDirectory() as caches:
            yield {name: cost(folder, Path(caches), way, form) for name, way in WAYS.items()}


def ratio(found: list[dict[str, Cost]], way: str, than: str, clock: str) -> float:
    """How many times one way costs what another does: the median of the rounds."""
    pairs = [(each[way], each[than]) for each in found]
    if clock == "wall":
        return statistics.median(one.wall / other.wall for one, other in pairs)
    return statistics.median(one.cpu / other.cpu for one, other in pairs)


def capacity() -> float:
    """How many times as fast two loops run at once as one after the other: 2 on idle processors."""

    def seconds(at_once: int) -> float:
        began = time.perf_counter()
        command = [sys.executable, "-c", "for _ in range(10_000_000): pass"]
        for each in [subprocess.Popen(command) for _ in range(at_once)]:
            each.wait()
        return time.perf_counter() - began

    return statistics.median(2 * seconds(1) / seconds(2) for _ in range(3))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, nargs="*", default=SIZES, help="(1 10 100 1000)")
    parser.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    parser.add_argument("--output-format", default="concise", help="(%(default)s)")
    arguments = parser.parse_args()
    print(
        f"Two loops at once are {capacity():.2f} times as fast here as in turn: no more can be won"
    )
    print("Wall seconds, and CPU seconds in brackets")
    failed = False
    for files in arguments.files:
        with tempfile.TemporaryDirectory() as name:
            size = corpus(Path(name), files)
            found = list(rounds(Path(name), arguments.output_format, arguments.rounds))
        told = "  ".join(
            f"{way} {statistics.median(each[way].wall for each in found):.2f}"
            f" ({statistics.median(each[way].cpu for each in found):.2f})"
            for way in WAYS
        )
        by_two = ratio(found, "jobs 1", "jobs 2", "wall")
        more, cold, warm = (ratio(found, way, "jobs 1", "cpu") for way in list(WAYS)[1:])
        print(f"{files:>5} files, {size / 1000:.0f} kB: {told}")
        print(
            f"      two processes are {by_two:.2f} times as fast for {more:.2f} of the CPU time;"
            f" a cold run costs {cold:.2f} of the CPU time without cache, a warm one {warm:.2f}"
        )
        failed |= warm > (0.5 if files >= FROM else LOSS)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
