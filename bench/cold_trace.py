"""What a cold `analyze --no-values model.py` costs, against importing NumPyro and the slice.

Both start a new Python, in turn, in one run. The yardstick imports NumPyro and executes the part of
the file that a model needs: its imports, its data, its definitions. A run with values is shown
beside it. Exits with 1 where the ratio is over its goal.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 1.2
ROOT = Path(__file__).resolve().parent.parent
FLOORS = [str(ROOT / name) for name in ("analyzer", "runtime", "lsp_server")]
# As installed: modules are read from their byte code.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT["JAX_PLATFORMS"] = "cpu"

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
RUN = """
mcmc = MCMC(NUTS(eight_schools), num_warmup=500, num_samples=500)
mcmc.run(jax.random.key(0), 8, sigma, y=y)
"""


def seconds(command: list[str]) -> float:
    """Wall time of one run. Raises RuntimeError where the command does not end well."""
    started = time.perf_counter()
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=ENVIRONMENT
    )
    elapsed = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return elapsed


def commands(path: Path) -> dict[str, list[str]]:
    """What is run in turn: the yardstick, a run without values, and one with them."""
    program = (
        f"import sys; sys.path[:0] = {FLOORS!r}; from numpyro_lint.cli.main import entry; entry()"
    )
    traced = ["--require-trace", "--exit-zero", "--python", sys.executable, str(path)]
    return {
        "import and slice": [sys.executable, "-c", f"import numpyro\n{SLICE}"],
        "--no-values": [sys.executable, "-c", program, "--no-values", *traced],
        "with values": [sys.executable, "-c", program, *traced],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=7, help="runs of each command (%(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schools.py"
        path.write_text(SLICE + RUN)
        each = commands(path)
        for command in each.values():
            seconds(command)  # the first run writes the byte code
        times: dict[str, list[float]] = {name: [] for name in each}
        for _ in range(arguments.runs):
            for name, command in each.items():
                times[name].append(seconds(command))
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"a cold run on a file with eight schools, {arguments.runs} runs each, in turn")
    own = medians["import and slice"]
    for name, median in medians.items():
        print(f"{name:<18}{median:>8.2f} s   ratio {median / own:.2f}")
    ratio = medians["--no-values"] / own
    print(f"ratio of medians without values: {ratio:.2f} (goal: below {GOAL})")
    return 0 if ratio < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
