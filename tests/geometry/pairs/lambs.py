"""Thirty-five lambs weighed each fortnight up to ten weeks: what each gains a day."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(303)
lamb = np.repeat(np.arange(35), 6)
day = np.tile(14.0 * np.arange(6), 35)
birth, gain = rng.normal(4.6, 0.7, size=35), rng.normal(0.27, 0.04, size=35)
weight = rng.normal(birth[lamb] + gain[lamb] * day, 0.8)


def model(lamb, day, weight=None):
    mean_birth = numpyro.sample("mean_birth", dist.Normal(5, 2))
    mean_gain = numpyro.sample("mean_gain", dist.Normal(0.3, 0.2))
    sd_birth = numpyro.sample("sd_birth", dist.HalfNormal(2))
    sd_gain = numpyro.sample("sd_gain", dist.HalfNormal(0.2))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    with numpyro.plate("lambs", 35):
        birth = numpyro.sample("birth", dist.Normal(mean_birth, sd_birth))
        gain = numpyro.sample("gain", dist.Normal(mean_gain, sd_gain))
    with numpyro.plate("weighings", len(lamb)):
        mean = birth[lamb] + gain[lamb] * day
        numpyro.sample("weight", dist.Normal(mean, sigma), obs=weight)


arguments = (lamb, day)
keywords = {"weight": weight}
SITE = "gain"
COMPARED = ("mean_birth", "mean_gain", "sd_birth", "sd_gain", "sigma", "birth", "gain")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of a gain whose lamb's weight at birth is not known.
    information = np.full(35, np.sum((day[:6] - 35.0) ** 2)) / at["sigma"] ** 2
    return information / (information + 1 / at["sd_gain"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), lamb, day, weight=weight)
    mcmc.print_summary()
