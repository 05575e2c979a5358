"""Magnitudes of Cepheids in nine galaxies against their periods: how far each galaxy is."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(315)
stars = np.array([44, 13, 32, 18, 27, 55, 14, 39, 23])
galaxy = np.repeat(np.arange(9), stars)
log_period = rng.normal(0.4, 0.2, size=len(galaxy))
distance = rng.normal(31.5, 0.9, size=9)
magnitude = rng.normal(distance[galaxy] - 6.0 - 3.2 * log_period, 0.35)


def model(galaxy, log_period, magnitude=None):
    mu = numpyro.sample("mu", dist.Normal(25, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(2))
    slope = numpyro.sample("slope", dist.Normal(-3, 1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("galaxies", 9):
        zero = numpyro.sample("zero", dist.Normal(mu, tau))
    with numpyro.plate("stars", len(galaxy)):
        mean = zero[galaxy] + slope * log_period
        numpyro.sample("magnitude", dist.Normal(mean, sigma), obs=magnitude)


arguments = (galaxy, log_period)
keywords = {"magnitude": magnitude}
SITE = "zero"
COMPARED = ("mu", "tau", "slope", "sigma", "zero")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = stars / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), galaxy, log_period, magnitude=magnitude)
    mcmc.print_summary()
