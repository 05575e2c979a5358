"""What a cold `analyze --no-values model.py` costs, against importing NumPyro and the slice.

All start a new Python, in turn, in one run. The yardstick imports NumPyro and executes the part of
the file that a model needs: its imports, its data, its definitions. A run with values is shown
beside it, and a program that asks NumPyro itself: `format_shapes` of a trace, and what
`render_model` would draw. Exits with 1 where the ratio is over its goal.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from cost import Cost
from startup import PROGRAM, measure

GOAL = 1.2
SLICE = """
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

sigma = jnp.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
y = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])


def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)
"""
ASK = """
from numpyro import handlers
from numpyro.infer.inspect import generate_graph_specification, get_model_relations
from numpyro.util import format_shapes

arguments = (8, sigma), {"y": y}
trace = handlers.trace(handlers.seed(eight_schools, 0)).get_trace(*arguments[0], **arguments[1])
print(format_shapes(trace))
print(generate_graph_specification(get_model_relations(eight_schools, *arguments)))
"""
RUN = """
mcmc = MCMC(NUTS(eight_schools), num_warmup=500, num_samples=500)
mcmc.run(jax.random.key(0), 8, sigma, y=y)
"""


def commands(path: Path) -> dict[str, list[str]]:
    """What is run in turn: the yardstick, NumPyro's own, and runs without and with values."""
    traced = ["--require-trace", "--exit-zero", "--python", sys.executable, str(path)]
    return {
        "import and slice": [sys.executable, "-c", f"import numpyro\n{SLICE}"],
        "NumPyro itself": [sys.executable, "-c", SLICE + ASK],
        "--no-values": [sys.executable, "-c", PROGRAM, "--no-values", *traced],
        "with values": [sys.executable, "-c", PROGRAM, *traced],
    }


def _ratio(these: list[float], those: list[float]) -> float:
    return statistics.median(these) / statistics.median(those)


def _shown(these: list[Cost], those: list[Cost]) -> str:
    """The medians of some runs, and what they are of the medians of others."""
    told = ""
    for index, what in enumerate(("s", "s of CPU")):
        ours, others = [each[index] for each in these], [each[index] for each in those]
        told += f"{statistics.median(ours):>8.2f} {what}   ratio {_ratio(ours, others):.2f}"
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=7, help="runs of each command (%(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schools.py"
        path.write_text(SLICE + RUN)
        os.environ["JAX_PLATFORMS"] = "cpu"
        costs = measure(commands(path), arguments.runs)
    print(f"a cold run on a file with eight schools, {arguments.runs} runs each, in turn")
    own = costs["import and slice"]
    for name, each in costs.items():
        print(f"{name:<18}{_shown(each, own)}")
    ratio = _ratio([cost.wall for cost in costs["--no-values"]], [c.wall for c in own])
    print(f"ratio of medians without values: {ratio:.2f} (goal: below {GOAL})")
    return 0 if ratio < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
