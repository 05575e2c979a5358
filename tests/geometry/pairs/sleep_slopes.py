"""Reaction times over ten days without sleep: the slopes of eighteen subjects."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(19)
subject, day = (each.ravel() for each in np.indices((18, 10)))
start, slope = rng.normal(2.5, 0.25, size=18), rng.normal(0.1, 0.06, size=18)
reaction = rng.normal(start[subject] + slope[subject] * day, 0.25)


def model(subject, day, reaction=None):
    start = numpyro.sample("start", dist.Normal(2, 1))
    trend = numpyro.sample("trend", dist.Normal(0, 0.5))
    spread = numpyro.sample("spread", dist.HalfNormal(1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("subjects", 18):
        intercept = numpyro.sample("intercept", dist.Normal(start, spread))
        slope = numpyro.sample("slope", dist.Normal(trend, tau))
    with numpyro.plate("tests", len(subject)):
        mean = intercept[subject] + slope[subject] * day
        numpyro.sample("reaction", dist.Normal(mean, sigma), obs=reaction)


arguments = (subject, day)
keywords = {"reaction": reaction}
SITE = "slope"
COMPARED = ("start", "trend", "spread", "tau", "sigma", "slope")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(subject, (day - day.mean()) ** 2) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), subject, day, reaction=reaction)
    mcmc.print_summary()
