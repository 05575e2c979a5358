"""What a trace costs in a warm worker, against NumPyro's own first concrete trace of that model.

Measured in one run: from request to result for a file with eight schools, and for each further
model of a file. Exits with 1 where a ratio is over its goal.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from numpyro_lint.config import Settings
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source
from numpyro_lint.tracing import trace_models
from numpyro_lint_runtime.host import Host

ROUNDS = 15
FURTHER = 10
# As parts of NumPyro's own first concrete trace, which takes 1.5 s and more.
FIRST_GOAL = 0.10
FURTHER_GOAL = 0.01

MODEL = """
def schools_{index}(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)
"""
HEADER = """
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers

sigma = jnp.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
y = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
"""
CALL = "handlers.trace(handlers.seed(schools_{index}, 0)).get_trace(8, sigma, y=y)\n"


def file_of(models: int) -> str:
    """A program with some models of eight schools, each traced once."""
    numbers = range(models)
    return (
        HEADER
        + "\n".join(MODEL.format(index=n) for n in numbers)
        + "".join(CALL.format(index=n) for n in numbers)
    )


def own_first_trace() -> float:
    """Seconds of NumPyro's first concrete trace in a new process, imports not counted."""
    text = file_of(1)
    split = text.index("handlers.trace(")
    program = (
        f"{text[:split]}\nimport time\nstart = time.perf_counter()\n{text[split:]}\n"
        "print(time.perf_counter() - start)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def request_to_results(host: Host, path: Path, text: str) -> list[float]:
    """Seconds from the request to each of its results."""
    source = Source(str(path), text)
    module = lift(source)
    start = time.perf_counter()
    landed = []
    for attached in trace_models(module, Settings(), host):
        assert attached.ok, attached.result.failure
        landed.append(time.perf_counter() - start)
    return landed


def main() -> int:
    own = statistics.median(own_first_trace() for _ in range(3))
    with Host(sys.executable) as host, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schools.py"
        begun = time.perf_counter()
        host.start()
        cold = time.perf_counter() - begun
        first, further = [], []
        for _ in range(ROUNDS):
            # A user pauses between saves: the next process is made ready meanwhile.
            time.sleep(1.0)
            first.append(request_to_results(host, path, file_of(1))[0])
        for _ in range(3):
            time.sleep(1.0)
            landed = request_to_results(host, path, file_of(FURTHER + 1))
            further += [b - a for a, b in pairwise(landed)]
    one, more = statistics.median(first), statistics.median(further)
    print(f"NumPyro's own first concrete trace   {own * 1000:8.0f} ms")
    print(f"worker from start to ready           {cold * 1000:8.0f} ms")
    print(
        f"warm, a file with eight schools      {one * 1000:8.0f} ms   ratio {one / own:.3f}"
        f" (goal: below {FIRST_GOAL})"
    )
    print(
        f"warm, each further model of a file   {more * 1000:8.1f} ms   ratio {more / own:.4f}"
        f" (goal: below {FURTHER_GOAL})"
    )
    return int(one / own > FIRST_GOAL or more / own > FURTHER_GOAL)


if __name__ == "__main__":
    sys.exit(main())
