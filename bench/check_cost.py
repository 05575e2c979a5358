"""What `check()` costs, in times `ast.parse` of the same file, and how that grows with the file.

Both are measured in CPU time, in turn and in one process, and the best of several is taken. In
turn, because no run reads a file twice: what parses one text over and over finds the processor's
caches and its guesses made for that text, and is a quarter faster than it ever is in a run. That
ratio is told as well. Growth is the median of pairs, a long file and ten times the short one. The
files are those of this project that hold models, or those below the folders that are named. Exits
with 1 where the median or the growth is over its goal.
"""

from __future__ import annotations

import argparse
import ast
import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("analyzer", "runtime", "bench")]

from startup import model_file  # noqa: E402

from numpyro_lint import text  # noqa: E402
from numpyro_lint.check import check  # noqa: E402
from numpyro_lint.rules import all_rules  # noqa: E402
from numpyro_lint.syntax.parse import parse  # noqa: E402
from numpyro_lint.text import OURS, Source  # noqa: E402

GOAL = 4.0
TIMES, MOST_GROWTH = 10, 11.0
OWN = ("examples", "tests/agreement", "tests/faults/hosts")


def seconds(work: Callable[[], object]) -> float:
    """The CPU time of one run."""
    started = time.process_time()
    work()
    return time.process_time() - started


def best(work: Callable[[], object], runs: int) -> float:
    """The least CPU time of several runs."""
    return min(seconds(work) for _ in range(runs))


def sources(folders: list[Path]) -> Iterator[Source]:
    """The files with models, as Python that parses: a notebook is its cells less their magics."""
    for folder in folders:
        for path in sorted((*folder.rglob("*.py"), *folder.rglob("*.ipynb"))):
            try:
                source = text.load(str(path), OURS.encode())
            except (OSError, ValueError):
                continue
            tree = parse(source)
            if source.text and tree.body and not tree.unreadable:
                functions = check(source).module.functions.values()
                if any(function.role == "model" for function in functions):
                    yield source


def ratios(source: Source, runs: int) -> tuple[float, float]:
    """What a check costs in times a parse: taken in turn, and each again and again."""
    text = parse(source).text
    checked, parsed = (lambda: check(source)), (lambda: ast.parse(text))
    turns = [(seconds(checked), seconds(parsed)) for _ in range(runs)]
    in_turn = min(each for each, _ in turns) / min(each for _, each in turns)
    return in_turn, best(checked, runs) / best(parsed, runs)


def growth(once: Source, more: Source, runs: int) -> float:
    """How much longer a file takes that is ten times as long: the median of several pairs.

    The short one is read ten times in a row, so that both bear the same share of the collector's
    pauses, as the files of one run do. The two are taken in turn, and no least of each is taken:
    the least of the short one is a lucky run, and the long one has no such luck for so long.
    """

    def again() -> None:
        for _ in range(TIMES):
            check(once)

    pairs = ((seconds(again), seconds(lambda: check(more))) for _ in range(runs))
    return statistics.median(TIMES * long / short for short, long in pairs)


def model(sites: int) -> Source:
    """A file of one long model."""
    lines = "".join(
        f'    x{n} = numpyro.sample("x{n}", dist.Normal(0.0, 1.0))\n' for n in range(sites)
    )
    head = "import numpyro\nimport numpyro.distributions as dist\n\n\ndef model():\n"
    return Source("model.py", head + lines)


def models(lines: int) -> Source:
    """A file of many models."""
    return Source("models.py", model_file(lines))


def _tell(what: str, found: list[float], goal: str = "") -> float:
    """Prints what some ratios come to; gives their median."""
    if not found:
        return 0.0
    median = statistics.median(found)
    spread = f"lowest {min(found):.2f}, highest {max(found):.2f}"
    print(f"{what}: median {median:.2f}{goal}, {spread}, {len(found)} files")
    return median


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path, help="code to measure on")
    parser.add_argument("--runs", type=int, default=5, help="runs of each (%(default)s)")
    arguments = parser.parse_args()
    all_rules()
    # As the command line has it.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    grown = [
        growth(make(size), make(size * TIMES), pairs)
        for make, size, pairs in ((models, 300, 15), (model, 40, 75))
    ]
    folders = arguments.folders or [ROOT / each for each in OWN]
    found = {source.path: ratios(source, arguments.runs) for source in sources(folders)}
    print(f"check() in times ast.parse, {len(found)} files with models")
    median = _tell("in turn", [each for each, _ in found.values()], f" (goal: at most {GOAL})")
    for ending in (".py", ".ipynb"):
        _tell(ending, [each for path, (each, _) in found.items() if path.endswith(ending)])
    _tell("each again and again", [each for _, each in found.values()])
    print(f"{TIMES} times as many models: {grown[0]:.1f} times the time (goal: {MOST_GROWTH})")
    print(f"{TIMES} times as many sites in a model: {grown[1]:.1f} times the time")
    return 0 if median <= GOAL and max(grown) <= MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
