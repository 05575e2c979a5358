"""Chains in one form of a model: what is compared of their draws."""

from __future__ import annotations

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
import pytest

from numpyro_lint_runtime.worker.chains import CHAINS, SEEDS, STEP, WARM_UP, Chains
from numpyro_lint_runtime.worker.slice import Target

pytestmark = [pytest.mark.trace, pytest.mark.verify]


def model(y):
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2.0))
    numpyro.sample("y", dist.MultivariateNormal(jnp.zeros(2), scale_tril=corr), obs=y)


def test_what_is_constant_by_its_support_is_not_compared() -> None:
    chains = Chains(model, Target(model, (jnp.array([0.3, -0.2]),), {}), 0)
    while chains.done < WARM_UP + STEP:
        chains.advance()
    assert chains.draws(["corr"]).shape == (SEEDS * CHAINS, STEP, 4)
    for figures in chains.figures(["corr"]):
        assert figures.ess > 10
        assert figures.r_hat < 1.5
    result = chains.result(["corr"], decentred=False)
    assert result.ess is not None
    assert (result.worst, result.draws) == ("corr", SEEDS * CHAINS * STEP)
