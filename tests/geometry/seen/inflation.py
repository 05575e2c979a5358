"""Inflation in eighty quarters: a trend that walks slowly under what passes."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(612)
true_trend = 2.5 + np.cumsum(0.25 * rng.normal(size=80))
inflation = rng.normal(true_trend, 0.9)  # per cent a year


def model(inflation):
    start = numpyro.sample("start", dist.Normal(2, 2))
    sigma_trend = numpyro.sample("sigma_trend", dist.HalfNormal(0.5))
    sigma_noise = numpyro.sample("sigma_noise", dist.HalfNormal(1))
    T = inflation.shape[0]
    trend = numpyro.sample("trend", dist.GaussianRandomWalk(sigma_trend, num_steps=T))
    with numpyro.plate("quarters", T):
        numpyro.sample("inflation", dist.Normal(start + trend, sigma_noise), obs=inflation)


def decentred(inflation):
    start = numpyro.sample("start", dist.Normal(2, 2))
    sigma_trend = numpyro.sample("sigma_trend", dist.HalfNormal(0.5))
    sigma_noise = numpyro.sample("sigma_noise", dist.HalfNormal(1))
    T = inflation.shape[0]
    eta = numpyro.sample("eta", dist.Normal(0, 1).expand([T]).to_event(1))
    trend = numpyro.deterministic("trend", sigma_trend * jnp.cumsum(eta))
    with numpyro.plate("quarters", T):
        numpyro.sample("inflation", dist.Normal(start + trend, sigma_noise), obs=inflation)


arguments = (inflation,)
keywords = {}
SITE = "trend"
COMPARED = ("start", "sigma_trend", "sigma_noise", "trend")
centred = model


def kappa(at):
    # Of a quarter, given the one before.
    information = np.full(80, 1 / at["sigma_noise"] ** 2)
    return information / (information + 1 / at["sigma_trend"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), inflation)
    mcmc.print_summary()
