"""Calcium in turnip greens: two determinations of each of four leaves of ten plants."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4113)
plant = np.repeat(np.arange(10), 4)
leaf = np.repeat(np.arange(40), 2)
content = rng.normal(rng.normal(3.0, 0.5, size=10)[plant], 0.3)
calcium = rng.normal(content[leaf], 0.08)


def model(plant, leaf, calcium=None):
    overall = numpyro.sample("overall", dist.Normal(3, 2))
    sd_plant = numpyro.sample("sd_plant", dist.HalfNormal(1))
    sd_leaf = numpyro.sample("sd_leaf", dist.HalfNormal(1))
    sd_error = numpyro.sample("sd_error", dist.HalfNormal(0.5))
    with numpyro.plate("plants", 10):
        mean = numpyro.sample("mean", dist.Normal(overall, sd_plant))
    with numpyro.plate("leaves", len(plant)):
        content = numpyro.sample("content", dist.Normal(mean[plant], sd_leaf))
    with numpyro.plate("determinations", len(leaf)):
        numpyro.sample("calcium", dist.Normal(content[leaf], sd_error), obs=calcium)


arguments = (plant, leaf)
keywords = {"calcium": calcium}
SITE = "content"
COMPARED = ("overall", "sd_plant", "sd_leaf", "sd_error", "mean", "content")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.full(40, 2 / at["sd_error"] ** 2)
    return information / (information + 1 / at["sd_leaf"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), plant, leaf, calcium=calcium)
    mcmc.print_summary()
