"""What `--verify` and the evidence of data cost, against a whole run of NUTS on the same model.

Eight schools, with 4 chains of 1000 + 1000 draws, all in one process: cold, and again with what
was compiled kept on disk. Exits with 1 where a ratio is over its goal.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

# As parts of the whole run, cold.
EVIDENCE_GOAL, VERIFY_GOAL = 1.0, 4.0
SECONDS = 600.0


def _model(se: Any, y: Any) -> None:
    import numpyro
    import numpyro.distributions as dist

    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("J", len(y)):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, se), obs=y)


def _data() -> tuple[Any, Any]:
    import jax.numpy as jnp

    y = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
    return jnp.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]), y


def whole() -> None:
    """A run as users make it."""
    import jax
    from numpyro.infer import MCMC, NUTS

    mcmc = MCMC(
        NUTS(_model), num_warmup=1000, num_samples=1000, num_chains=4,
        chain_method="vectorized", progress_bar=False,
    )  # fmt: skip
    mcmc.run(jax.random.key(0), *_data())
    mcmc.get_samples()["tau"].block_until_ready()


def evidence() -> None:
    from numpyro_lint_runtime.protocol import Hierarchy
    from numpyro_lint_runtime.worker.evidence import evidence
    from numpyro_lint_runtime.worker.slice import Target

    found = evidence(Target(_model, _data(), {}), [Hierarchy("theta", scales=("tau",))])
    assert found[0].kappa < 0.5, found


def verify() -> None:
    from numpyro_lint_runtime.protocol import Hierarchy, ModelRequest, Pilot
    from numpyro_lint_runtime.worker.pilot import pilot_call
    from numpyro_lint_runtime.worker.slice import Target

    pilot = Pilot((Hierarchy("theta", scales=("tau",)),))
    request = ModelRequest("", "", (), pilot=pilot, deadline=SECONDS)
    result = pilot_call(request, Target(_model, _data(), {}), __file__, lambda step: None)
    assert result.verdict == "helps", result


PARTS: dict[str, Callable[[], None]] = {"whole": whole, "evidence": evidence, "verify": verify}


def _seconds(folder: str) -> dict[str, float]:
    """Seconds of each part in one new process, imports not counted."""
    env = os.environ | {
        "JAX_PLATFORMS": "cpu",
        "JAX_COMPILATION_CACHE_DIR": folder,
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
    done = subprocess.run(
        [sys.executable, __file__, "parts"], env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    return {name: float(each) for name, each in map(str.split, done.stdout.splitlines())}


def _parts() -> None:
    import jax
    import numpyro.infer  # noqa: F401

    jax.numpy.ones(2).block_until_ready()
    import numpyro_lint_runtime.worker.evidence
    import numpyro_lint_runtime.worker.pilot  # noqa: F401

    for name, part in PARTS.items():
        start = time.perf_counter()
        part()
        print(name, time.perf_counter() - start, flush=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        cold, warm = _seconds(folder), _seconds(folder)
    over = False
    for state, seconds in (("cold", cold), ("what was compiled on disk", warm)):
        print(f"{state}: whole run {seconds['whole']:.2f} s")
        for name, goal in (("evidence", EVIDENCE_GOAL), ("verify", VERIFY_GOAL)):
            ratio = seconds[name] / seconds["whole"]
            print(f"  {name:<10} {seconds[name]:6.2f} s, {ratio:.2f} of it")
            over = over or (state == "cold" and ratio > goal)
    return int(over)


if __name__ == "__main__":
    if sys.argv[1:] == ["parts"]:
        _parts()
    else:
        sys.exit(main())
