"""How long `analyze --static` takes to start and read one file, against Python itself.

The yardstick is `python -c "import ast, argparse, json"`, which is all that such a program cannot
do without. Both are run in turn, so that a busy machine slows both, and medians are compared.
Exits with 1 where the ratio is over the goal.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from cost import Cost, run

GOAL = 3.5
LINES = 300
ROOT = Path(__file__).resolve().parent.parent
FLOORS = [str(ROOT / name) for name in ("analyzer", "runtime", "lsp_server")]
# What `analyze` runs.
PROGRAM = f"import sys; sys.path[:0] = {FLOORS!r}; from numpyro_lint.cli.main import entry; entry()"

HEADER = """\
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers

"""

MODEL = '''
def model_{index}(x, groups, n_groups, y=None):
    """Regression {index}: a level for each group and one slope."""
    mean = numpyro.sample("mean", dist.Normal(0.0, 1.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    with numpyro.plate("groups", n_groups):
        level = numpyro.sample("level", dist.Normal(mean, 0.5))
    expected = numpyro.deterministic("expected", level[groups] + slope * x)
    with numpyro.plate("rows", x.shape[0]):
        numpyro.sample("y", dist.Normal(expected, noise), obs=y)


fixed_{index} = handlers.condition(model_{index}, data={{"slope": 0.{index}}})
'''


def model_file(lines: int) -> str:
    """A file of models without mistakes, with `lines` lines."""
    parts = [HEADER]
    count = HEADER.count("\n")
    while count < lines:
        part = MODEL.format(index=len(parts))
        if count + part.count("\n") > lines:
            part = "".join(f"LEVEL_{number} = {number}\n" for number in range(lines - count))
        parts.append(part)
        count += part.count("\n")
    return "".join(parts)


def measure(commands: dict[str, list[str]], runs: int) -> dict[str, list[Cost]]:
    """The costs of `runs` runs of each command, one after the other in turn."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for command in commands.values():
        run(command)  # The first run writes the byte code.
    for _ in range(runs):
        for name, command in commands.items():
            costs[name].append(run(command))
    return costs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=21, help="runs of each command (%(default)s)")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "models.py"
        path.write_text(model_file(LINES))
        costs = measure(
            {
                "python": [sys.executable, "-c", "import ast, argparse, json"],
                "analyze": [sys.executable, "-c", PROGRAM, "--static", str(path)],
            },
            arguments.runs,
        )

    times = {name: [each.wall for each in found] for name, found in costs.items()}
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"start-up on a file of {LINES} lines, {arguments.runs} runs each, in turn")
    print(f"{'':<10}{'median':>10}{'fastest':>10}{'slowest':>10}")
    for name, values in times.items():
        row = (medians[name], min(values), max(values))
        print(f"{name:<10}" + "".join(f"{1000 * value:>7.0f} ms" for value in row))
    ratio = medians["analyze"] / medians["python"]
    print(f"ratio of medians: {ratio:.2f} (goal: below {GOAL})")
    return 0 if ratio < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
