"""Births in a hospital in each month of six years: effects of the months sum to nought."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(320)
year, month = np.repeat(np.arange(6), 12), np.tile(np.arange(12), 6)
season = 0.06 * np.sin(2 * np.pi * (np.arange(12) - 5) / 12) + 0.02 * rng.normal(size=12)
births = rng.poisson(np.exp(5.2 - 0.02 * year + season[month]))


def model(year, month, births=None):
    level = numpyro.sample("level", dist.Normal(5, 1))
    trend = numpyro.sample("trend", dist.Normal(0, 0.1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.2))
    season = numpyro.sample("season", dist.ZeroSumNormal(tau, event_shape=(12,)))
    with numpyro.plate("months", len(month)):
        log_rate = level + trend * year + season[month]
        numpyro.sample("births", dist.Poisson(jnp.exp(log_rate)), obs=births)


def decentred(year, month, births=None):
    level = numpyro.sample("level", dist.Normal(5, 1))
    trend = numpyro.sample("trend", dist.Normal(0, 0.1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.2))
    z = numpyro.sample("z", dist.ZeroSumNormal(1.0, event_shape=(12,)))
    season = numpyro.deterministic("season", tau * z)
    with numpyro.plate("months", len(month)):
        log_rate = level + trend * year + season[month]
        numpyro.sample("births", dist.Poisson(jnp.exp(log_rate)), obs=births)


arguments = (year, month)
keywords = {"births": births}
SITE = "season"
COMPARED = ("level", "trend", "tau", "season")
centred = model


def kappa(at):
    rate = np.exp(at["level"] + at["trend"] * year + at["season"][month])
    information = np.bincount(month, rate)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), year, month, births=births)
    mcmc.print_summary()
