"""What the fix of a funnel leaves: the same density in other coordinates, and no funnel."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from numpyro import handlers
from numpyro.infer.util import log_density

EXAMPLE = Path(__file__).parents[2] / "examples" / "eight_schools.py"
Analyze = Callable[..., tuple[int, str, str]]

HEAD = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

"""
TAIL = """

if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
    mcmc.run(jax.random.key(0), jnp.arange(6.0))
"""
MODELS = {
    "normal": """
def model(y):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("group", 6):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("y", dist.Normal(theta, 30.0), obs=y)
""",
    "student": """
def model(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    with numpyro.plate("group", 6):
        theta = numpyro.sample("theta", dist.StudentT(5.0, 1.0, tau))
        numpyro.sample("y", dist.Normal(theta, 30.0), obs=y)
""",
    "exponential": """
def model(y):
    log_tau = numpyro.sample("log_tau", dist.Normal(0.0, 1.0))
    with numpyro.plate("group", 6):
        theta = numpyro.sample("theta", dist.Normal(0.0, jnp.exp(log_tau)))
        numpyro.sample("y", dist.Normal(theta, 30.0), obs=y)
""",
    "two sites": """
def model(y):
    tau = numpyro.sample("tau", dist.HalfNormal(2.0))
    width = numpyro.sample("width", dist.HalfNormal(2.0))
    with numpyro.plate("group", 6):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        slope = numpyro.sample("slope", dist.Laplace(1.0, width))
        numpyro.sample("y", dist.Normal(theta + 0.1 * slope, 30.0), obs=y)
""",
    "a helper": """
def effect(name):
    tau = numpyro.sample(f"{name}_scale", dist.HalfNormal(2.0))
    with numpyro.plate("group", 6):
        return numpyro.sample(name, dist.Normal(0.0, tau))

def model(y):
    total = effect("attack") - effect("defence")
    with numpyro.plate("group", 6):
        numpyro.sample("y", dist.Normal(total, 30.0), obs=y)
""",
}
pytestmark = pytest.mark.trace


def mended(path: Path, analyze: Analyze, traced: bool) -> dict[str, Any]:
    """What the program at a place defines once all its findings are mended."""
    how = () if traced else ("--static", "--select=funnel")
    analyze("--fix", "--unsafe-fixes", *how, str(path), traced=traced)
    scope: dict[str, Any] = {"__name__": "mended"}
    exec(compile(path.read_text(), str(path), "exec"), scope)
    return scope


@pytest.mark.parametrize("name", MODELS)
def test_density_is_that_of_the_original_with_the_jacobian(
    name: str, tmp_path: Path, analyze: Analyze
) -> None:
    path = tmp_path / "model.py"
    path.write_text(HEAD + MODELS[name] + TAIL)
    original: dict[str, Any] = {"__name__": "original"}
    exec(compile(path.read_text(), str(path), "exec"), original)
    new = mended(path, analyze, traced=False)["model"]
    y = jnp.arange(6.0)
    for seed in range(3):
        trace = handlers.trace(handlers.seed(new, seed)).get_trace(y)
        latent = {n: s["value"] for n, s in trace.items() if _is_latent(s)}
        made = {n: latent.pop(n) for n in list(latent) if n.endswith("_decentered")}
        assert made
        assert latent

        def sites(made: Any, latent: Any = latent) -> dict[str, Any]:
            placed = handlers.substitute(handlers.seed(new, 0), data={**latent, **made})
            found = handlers.trace(placed).get_trace(y)
            return {n: found[n.removesuffix("_decentered")]["value"] for n in made}

        values = sites(made)
        slopes = jax.jacobian(sites)(made)
        # Each site is made of its own standard one alone.
        log_jacobian = sum(float(jnp.linalg.slogdet(slopes[n][n])[1]) for n in made)
        centred = {**latent, **{n.removesuffix("_decentered"): v for n, v in values.items()}}
        before = float(log_density(original["model"], (y,), {}, centred)[0])
        after = float(log_density(new, (y,), {}, {**latent, **made})[0])
        assert before + log_jacobian == pytest.approx(after, rel=1e-5, abs=1e-3)


def _is_latent(site: dict[str, Any]) -> bool:
    return site["type"] == "sample" and not site["is_observed"]


@pytest.mark.verify
def test_eight_schools_mended_sample_without_divergences(tmp_path: Path, analyze: Analyze) -> None:
    path = tmp_path / "eight_schools.py"
    path.write_text(EXAMPLE.read_text())
    before = path.read_text()
    program = mended(path, analyze, traced=True)
    assert path.read_text() != before
    seeded = handlers.seed(program["eight_schools"], 0)
    data = program["EFFECT"].size, program["STANDARD_ERROR"]
    trace = handlers.trace(seeded).get_trace(*data, y=program["EFFECT"])
    assert [(n, s["type"]) for n, s in trace.items() if s["type"] != "plate"] == [
        ("mu", "sample"),
        ("tau", "sample"),
        ("theta_decentered", "sample"),
        ("theta", "deterministic"),
        ("obs", "sample"),
    ]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        program["main"]()
    assert "divergent transitions: 0\n" in said.getvalue()
