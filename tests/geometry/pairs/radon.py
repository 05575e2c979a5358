"""Radon in houses of seventy counties, of which many have a few and some a hundred."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(305)
houses = np.clip(np.exp(rng.normal(1.6, 1.0, size=70)).astype(int), 1, 110)
county = np.repeat(np.arange(70), houses)
uranium = rng.normal(0, 0.4, size=70)
floor = rng.binomial(1, 0.17, size=len(county))
level = 1.45 + 0.7 * uranium + 0.2 * rng.normal(size=70)
log_radon = rng.normal(level[county] - 0.65 * floor, 0.75)


def model(county, uranium, floor, log_radon=None):
    intercept = numpyro.sample("intercept", dist.Normal(0, 5))
    slope = numpyro.sample("slope", dist.Normal(0, 1))
    upstairs = numpyro.sample("upstairs", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("counties", len(uranium)):
        level = numpyro.sample("level", dist.Normal(intercept + slope * uranium, tau))
    with numpyro.plate("houses", len(county)):
        mean = level[county] + upstairs * floor
        numpyro.sample("log_radon", dist.Normal(mean, sigma), obs=log_radon)


arguments = (county, uranium, floor)
keywords = {"log_radon": log_radon}
SITE = "level"
COMPARED = ("intercept", "slope", "upstairs", "tau", "sigma", "level")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = houses / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), county, uranium, floor, log_radon=log_radon)
    mcmc.print_summary()
