"""Tests of models, as libraries have them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, SVI, Predictive, Trace_ELBO
from numpyro.infer.autoguide import AutoDiagonalNormal


@pytest.mark.parametrize("kernel_cls", [NUTS])
def test_normal_mean(kernel_cls):
    true_mean = 1.5
    data = dist.Normal(true_mean, 1.0).sample(jax.random.key(0), (100,))

    def model(data):
        mean = numpyro.sample("mean", dist.Normal(0.0, 10.0))
        numpyro.sample("obs", dist.Normal(mean, 1.0), obs=data)

    mcmc = MCMC(kernel_cls(model), num_warmup=200, num_samples=200)
    mcmc.run(jax.random.key(1), data)
    assert_allclose(mcmc.get_samples()["mean"].mean(), true_mean, atol=0.3)


@pytest.fixture
def beta_data():
    return jnp.array([1.0] * 7 + [0.0] * 3)


def test_beta_bernoulli(beta_data):
    def model(data):
        p = numpyro.sample("p", dist.Beta(1.0, 1.0))
        with numpyro.plate("data", 10):
            numpyro.sample("obs", dist.Bernoulli(p), obs=data)

    svi = SVI(model, AutoDiagonalNormal(model), numpyro.optim.Adam(0.01), Trace_ELBO())
    result = svi.run(jax.random.key(0), 10, beta_data)
    assert np.isfinite(result.losses).all()


@pytest.mark.parametrize("n", [2, 5])
def test_predictive_shapes(n):
    def coin():
        with numpyro.plate("flips", n):
            numpyro.sample("flip", dist.Bernoulli(0.5))

    assert Predictive(coin, num_samples=3)(jax.random.key(0))["flip"].shape == (3, n)
