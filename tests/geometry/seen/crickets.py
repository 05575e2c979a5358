"""Chirps a minute of twenty crickets at fourteen temperatures: slopes, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4110)
cricket = np.repeat(np.arange(20), 14)
degrees = rng.uniform(-6, 6, size=len(cricket))
usual, slope = rng.normal(92, 9, size=20), rng.normal(6.5, 0.7, size=20)
chirps = rng.normal(usual[cricket] + slope[cricket] * degrees, 6)


def hyperparameters():
    level = numpyro.sample("level", dist.Normal(100, 30))
    levels = numpyro.sample("levels", dist.HalfCauchy(10))
    rise = numpyro.sample("rise", dist.Normal(5, 5))
    raw = numpyro.sample("raw", dist.Normal(0, 1.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(10))
    return level, levels, rise, nn.softplus(raw), sigma


def model(cricket, degrees, chirps=None):
    level, levels, rise, rises, sigma = hyperparameters()
    with numpyro.plate("crickets", 20):
        usual = level + levels * numpyro.sample("z_level", dist.Normal(0, 1))
        z = numpyro.sample("z", dist.Normal(0, 1))
        slope = numpyro.deterministic("slope", rise + rises * z)
    with numpyro.plate("minutes", len(cricket)):
        mean = usual[cricket] + slope[cricket] * degrees
        numpyro.sample("chirps", dist.Normal(mean, sigma), obs=chirps)


def centred(cricket, degrees, chirps=None):
    level, levels, rise, rises, sigma = hyperparameters()
    with numpyro.plate("crickets", 20):
        usual = level + levels * numpyro.sample("z_level", dist.Normal(0, 1))
        slope = numpyro.sample("slope", dist.Normal(rise, rises))
    with numpyro.plate("minutes", len(cricket)):
        mean = usual[cricket] + slope[cricket] * degrees
        numpyro.sample("chirps", dist.Normal(mean, sigma), obs=chirps)


arguments = (cricket, degrees)
keywords = {"chirps": chirps}
SITE = "slope"
COMPARED = ("level", "levels", "rise", "raw", "sigma", "slope")
decentred = model


def kappa(at):
    information = np.bincount(cricket, degrees**2) / at["sigma"] ** 2
    return information / (information + 1 / np.logaddexp(0, at["raw"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), cricket, degrees, chirps=chirps)
    mcmc.print_summary()
