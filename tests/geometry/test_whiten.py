"""Sites made of standard ones have the density of the family that they are made for."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro import handlers
from numpyro.infer.reparam import Reparam

from numpyro_lint_runtime.protocol import Hierarchy
from numpyro_lint_runtime.worker.evidence import evidence
from numpyro_lint_runtime.worker.slice import Target
from numpyro_lint_runtime.worker.whiten import decentring, smooth_decentring

TRIL = jnp.array([[2.0, 0.0], [0.5, 0.7]])
FAMILIES: dict[str, Callable[[], dist.Distribution]] = {
    "GaussianRandomWalk": lambda: dist.GaussianRandomWalk(0.3, num_steps=4),
    "LogNormal": lambda: dist.LogNormal(0.5, 0.3).expand([4]).to_event(1),
    "MultivariateNormal": lambda: dist.MultivariateNormal(jnp.ones(2), scale_tril=TRIL),
    "Normal": lambda: dist.Normal(0.5, 3.0).expand([4]).to_event(1),
    "StudentT": lambda: dist.StudentT(4.0, 0.5, 3.0).expand([4]).to_event(1),
}


@pytest.mark.parametrize("how", [decentring, smooth_decentring])
@pytest.mark.parametrize("family", FAMILIES)
def test_density_is_that_of_the_family_with_the_jacobian(
    family: str, how: Callable[[Hierarchy], Reparam]
) -> None:
    fn = FAMILIES[family]()

    def made(z):
        shape_params = ("df",) if family == "StudentT" else ()
        config = {"x": how(Hierarchy("x", family, (), shape_params))}
        model = handlers.reparam(lambda: numpyro.sample("x", fn), config=config)
        placed = handlers.substitute(handlers.seed(model, 0), data={"x_decentered": z})
        trace = handlers.trace(placed).get_trace()
        return trace["x"]["value"], trace["x_decentered"]["fn"].log_prob(z)

    z = jnp.array([0.3, -1.2, 0.7, 0.1])[: fn.shape()[-1]]
    x, density = made(z)
    jacobian = jax.jacobian(lambda z: made(z)[0])(z)
    assert float(fn.log_prob(x) + jnp.linalg.slogdet(jacobian)[1]) == pytest.approx(
        float(density), rel=1e-4
    )


def walk(y):
    step = numpyro.sample("step", dist.HalfNormal(1.0))
    level = numpyro.sample("level", dist.GaussianRandomWalk(step, num_steps=len(y)))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


def effects(y):
    tau = numpyro.sample("tau", dist.HalfNormal(3.0).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2.0))
    with numpyro.plate("group", len(y)):
        scale_tril = tau[:, None] * corr
        theta = numpyro.sample(
            "theta", dist.MultivariateNormal(jnp.zeros(2), scale_tril=scale_tril)
        )
        numpyro.sample("y", dist.Normal(theta, 0.05).to_event(1), obs=y)


def test_families_without_a_reparam_have_evidence_too() -> None:
    noise = np.random.default_rng(0).normal(size=(30, 2))
    asked = [Hierarchy("level", "GaussianRandomWalk", ("step",))]
    (weak,) = evidence(Target(walk, (noise[:, 0],), {}), asked)
    asked = [Hierarchy("theta", "MultivariateNormal", ("tau", "corr"))]
    (strong,) = evidence(Target(effects, (noise,), {}), asked)
    assert weak.kappa < 0.3
    assert strong.kappa > 0.99
    assert strong.medians["tau"] == pytest.approx(float(noise.std(axis=0).mean()), rel=0.25)
