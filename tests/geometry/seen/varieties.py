"""Barley of 24 varieties, grown once at each of seven sites: sites differ more than varieties."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(517)
variety, site = (each.ravel() for each in np.indices((24, 7)))
merit, soil = 0.35 * rng.normal(size=24), 1.1 * rng.normal(size=7)
harvest = rng.normal(6.2 + merit[variety] + soil[site], 0.8)  # tonnes a hectare


def model(variety, site, harvest=None):
    mu = numpyro.sample("mu", dist.Normal(6, 3))
    sd_variety = numpyro.sample("sd_variety", dist.HalfNormal(1))
    sd_site = numpyro.sample("sd_site", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("varieties", 24):
        merit = numpyro.sample("merit", dist.Normal(0, sd_variety))
    with numpyro.plate("sites", 7):
        soil = numpyro.sample("soil", dist.Normal(0, sd_site))
    with numpyro.plate("plots", len(variety)):
        mean = mu + merit[variety] + soil[site]
        numpyro.sample("harvest", dist.Normal(mean, sigma), obs=harvest)


arguments = (variety, site)
keywords = {"harvest": harvest}
SITE = "merit"
COMPARED = ("mu", "sd_variety", "sd_site", "sigma", "merit", "soil")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.full(24, 7 / at["sigma"] ** 2)
    return information / (information + 1 / at["sd_variety"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), variety, site, harvest=harvest)
    mcmc.print_summary()
