"""What a static run costs beside other linters, and beside `ast.parse`, on the same files.

A corpus of 1,000 files has 300 programs of this repository with models, no two alike, and 700 of
Python's standard library; smaller ones have the same mixture. Every tool runs as it comes, in one
process where it can be told so, with nothing kept from run to run, in turn. The other linters stand
in an environment without the packages that the files import, which costs them less. CPU seconds are
compared, as a tool may use more processes than it is asked to; wall seconds and the memory of the
largest process are told beside them, which is no less than that of this program. Exits with 1 where
the largest corpus costs more than its goal in times `ast.parse`, or as much as flake8, pylint or
Fixit.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from cost import Cost, run
from many_files import corpus
from startup import FLOORS, PROGRAM

GOAL = 5.0
BEATEN = ("flake8", "pylint", "Fixit")
SIZES = (1, 10, 100, 1000)
# Runs of each tool on a corpus: the median is told.
RUNS = {1: 5, 10: 3, 100: 1, 1000: 1}
WITH_MODELS = 0.3
# Nothing found, findings, and with Fixit those of files that it cannot read.
FINE = (0, 1, 3)
NOT_OF_IT = {"test", "tests", "idle_test", "site-packages", "lib2to3"}

# Where `make bench` installs them.
PEERS = Path(sys.prefix) / "peers" / "bin"
PARSE = """
import ast, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    ast.parse(path.read_bytes())
"""


def tools(folder: str) -> dict[str, list[str]]:
    """The command of each, on a folder."""
    static = ["--static", "--exit-zero", "--no-cache", "--jobs", "1"]
    return {
        "ast.parse": [sys.executable, "-c", PARSE, folder],
        "numpyro-lint": [sys.executable, "-c", PROGRAM, *static, folder],
        "ruff": [str(PEERS / "ruff"), "check", "--isolated", "--no-cache", "--exit-zero", folder],
        "flake8": [str(PEERS / "flake8"), "--isolated", "--jobs", "1", "--exit-zero", folder],
        "basedpyright": [str(PEERS / "basedpyright"), folder],
        "pylint": [str(PEERS / "pylint"), "--jobs", "1", "--exit-zero", "--recursive=y", folder],
        "Fixit": [str(PEERS / "fixit"), "--quiet", "lint", folder],
    }


def library() -> list[Path]:
    """The modules of the standard library."""
    root = Path(sysconfig.get_paths()["stdlib"])
    return [path for path in sorted(root.rglob("*.py")) if not NOT_OF_IT & set(path.parts)]


def write(folder: Path, files: int) -> int:
    """Makes a corpus of so many files; gives the characters of it."""
    programs = max(round(WITH_MODELS * files), 1)
    size = corpus(folder, programs)
    rest, found = files - programs, library()
    step = max(len(found) // max(rest, 1), 1)
    for number, path in enumerate(islice(cycle(found[::step]), rest)):
        text = path.read_bytes()
        (folder / f"module_{number:04}.py").write_bytes(text)
        size += len(text)
    return size


def cost(command: Sequence[str], folder: Path) -> Cost:
    """One run, which is to end as a run with findings may."""
    environment = {
        "RAYON_NUM_THREADS": "1",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTHONPATH": os.pathsep.join(FLOORS),
    }
    return run(command, folder, environment, FINE)


def measured(folder: Path, names: Sequence[str], runs: int) -> dict[str, Cost]:
    """The medians of some runs of each tool, in turn. The first of all is not counted."""
    commands = {name: tools(str(folder))[name] for name in names}
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(cost(command, folder.parent))
            print(f"{folder.name}: {name} {found[name][-1].cpu:.2f}", file=sys.stderr, flush=True)
    return {
        name: Cost(*(statistics.median(each) for each in zip(*costs, strict=True)))
        for name, costs in found.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, nargs="*", default=SIZES, help="(1 10 100 1000)")
    parser.add_argument("--tools", nargs="*", default=list(tools(".")), help="(all)")
    arguments = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, {time.strftime('%B %Y')}")
    print("CPU seconds (wall seconds, MB of the largest process)")
    table: dict[int, dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory() as name:
        # The byte code and what else a first run leaves.
        _fresh(Path(name) / "first", 1)
        measured(Path(name) / "first", arguments.tools, 1)
        for files in arguments.files:
            folder = Path(name) / f"of_{files}"
            size = _fresh(folder, files)
            table[files] = measured(folder, arguments.tools, RUNS.get(files, 1))
            print(f"\n{files} files, {size / 1e6:.2f} MB")
            for tool, cost in table[files].items():
                print(
                    f"  {tool:<14}{cost.cpu:9.2f}  ({cost.wall:.2f}, {cost.memory:.0f} MB)",
                    flush=True,
                )
    print("\nCPU seconds")
    for line in markdown(table, arguments.tools):
        print(line)
    return verdict(table[max(table)])


def _fresh(folder: Path, files: int) -> int:
    folder.mkdir()
    return write(folder, files)


def markdown(table: dict[int, dict[str, Cost]], names: Sequence[str]) -> list[str]:
    """The table as it stands in the documentation: each tool by the number of files."""
    sizes = sorted(table)
    lines = [
        f"| | {' | '.join(f'{size:,}' for size in sizes)} | memory |",
        "|-" * (len(sizes) + 2) + "|",
    ]
    for name in names:
        cells = [f"{table[size][name].cpu:.2f}" for size in sizes]
        lines.append(f"| {name} | {' | '.join(cells)} | {table[sizes[-1]][name].memory:.0f} MB |")
    return lines


def verdict(costs: dict[str, Cost]) -> int:
    """Tells what the largest corpus comes to, and whether that is within the goal."""
    own, good = costs["numpyro-lint"].cpu, True
    if "ast.parse" in costs:
        ratio = own / costs["ast.parse"].cpu
        print(f"\nnumpyro-lint costs {ratio:.2f} times ast.parse (goal: at most {GOAL})")
        good = ratio <= GOAL
    for name in (each for each in costs if each not in ("ast.parse", "numpyro-lint")):
        print(f"{name} costs {costs[name].cpu / own:.2f} times numpyro-lint")
    return int(not good or any(costs[name].cpu <= own for name in BEATEN if name in costs))


if __name__ == "__main__":
    sys.exit(main())
