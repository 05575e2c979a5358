"""Laps of 24 swimmers in five pools, twenty to sixty laps each: swimmers and pools are crossed."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(711)
laps = rng.integers(20, 61, size=24)
swimmer = np.repeat(np.arange(24), laps)
pool = rng.integers(0, 5, size=len(swimmer))
usual = rng.normal(3.55, 0.06, size=24)[swimmer] + 0.01 * rng.normal(size=5)[pool]
seconds = np.exp(rng.normal(usual, 0.025))


def model(swimmer, pool, seconds=None):
    mu = numpyro.sample("mu", dist.Normal(3.5, 0.5))
    tau = numpyro.sample("tau", dist.HalfNormal(0.2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.1))
    with numpyro.plate("pools", 5):
        water = numpyro.sample("water", dist.Normal(0, 0.02))
    with numpyro.plate("swimmers", 24):
        z = numpyro.sample("z", dist.Normal(0, 1))
        pace = numpyro.deterministic("pace", mu + tau * z)
    with numpyro.plate("laps", len(swimmer)):
        log_mean = pace[swimmer] + water[pool]
        numpyro.sample("seconds", dist.LogNormal(log_mean, sigma), obs=seconds)


def centred(swimmer, pool, seconds=None):
    mu = numpyro.sample("mu", dist.Normal(3.5, 0.5))
    tau = numpyro.sample("tau", dist.HalfNormal(0.2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.1))
    with numpyro.plate("pools", 5):
        water = numpyro.sample("water", dist.Normal(0, 0.02))
    with numpyro.plate("swimmers", 24):
        pace = numpyro.sample("pace", dist.Normal(mu, tau))
    with numpyro.plate("laps", len(swimmer)):
        log_mean = pace[swimmer] + water[pool]
        numpyro.sample("seconds", dist.LogNormal(log_mean, sigma), obs=seconds)


arguments = (swimmer, pool)
keywords = {"seconds": seconds}
SITE = "pace"
COMPARED = ("mu", "tau", "sigma", "water", "pace")
decentred = model


def kappa(at):
    # Of a swimmer, the pools being known.
    information = laps / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), swimmer, pool, seconds=seconds)
    mcmc.print_summary()
