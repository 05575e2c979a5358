"""Models that functions make, and their posteriors side by side."""

import jax
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import HMC, MCMC, NUTS


def make_model(degree, prior=dist.Normal(0.0, 1.0)):
    """A polynomial regression."""

    def polynomial(x, y=None):
        with numpyro.plate("terms", degree + 1):
            w = numpyro.sample("w", prior)
        features = jnp.stack([x**k for k in range(degree + 1)], -1)
        sigma = numpyro.sample("sigma", dist.HalfCauchy(1.0))
        with numpyro.plate("points", x.shape[0]):
            numpyro.sample("y", dist.Normal(features @ w, sigma), obs=y)

    return polynomial


def make_spline(knots):
    basis_size = len(knots) + 2

    def spline(x, y=None):
        smoothness = numpyro.sample("smoothness", dist.HalfNormal(1.0))
        w = numpyro.sample("w", dist.GaussianRandomWalk(smoothness, basis_size))
        basis = jnp.clip(x[:, None] - jnp.asarray(knots), 0.0)
        mean = w[0] + w[1] * x + basis @ w[2:]
        sigma = numpyro.sample("sigma", dist.HalfCauchy(1.0))
        numpyro.sample("y", dist.Normal(mean, sigma), obs=y)

    return spline


x = np.linspace(-1, 1, 30)
y = np.sin(3 * x) + 0.1 * np.random.RandomState(0).randn(30)

cubic = make_model(3, prior=dist.StudentT(4.0, 0.0, 1.0))
mcmc = MCMC(NUTS(cubic), num_warmup=200, num_samples=200)
mcmc.run(jax.random.PRNGKey(0), x, y)

posteriors = {}
for n_knots in (3, 5):
    knots = np.quantile(x, np.linspace(0.1, 0.9, n_knots))
    sampler = MCMC(HMC(make_spline(knots)), num_warmup=200, num_samples=200)
    sampler.run(jax.random.PRNGKey(1), x, y=y)
    posteriors[n_knots] = sampler.get_samples()
