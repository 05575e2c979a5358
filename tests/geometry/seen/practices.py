"""Old people vaccinated by 54 practices in nine regions, hundreds a practice."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(415)
region = np.repeat(np.arange(9), 6)
patients = rng.integers(150, 1400, size=54)
logit = rng.normal(rng.normal(0.9, 0.3, size=9)[region], 0.4)
vaccinated = rng.binomial(patients, 1 / (1 + np.exp(-logit)))


def uptake(region, patients, vaccinated=None):
    nation = numpyro.sample("nation", dist.Normal(0, 1.5))
    sd_region = numpyro.sample("sd_region", dist.HalfNormal(1))
    sd_practice = numpyro.sample("sd_practice", dist.HalfNormal(1))
    with numpyro.plate("regions", 9):
        by_region = numpyro.sample("by_region", dist.Normal(nation, sd_region))
    with numpyro.plate("practices", len(region)):
        practice = numpyro.sample("practice", dist.Normal(by_region[region], sd_practice))
        numpyro.sample("vaccinated", dist.Binomial(patients, logits=practice), obs=vaccinated)


model = handlers.reparam(uptake, config={"practice": LocScaleReparam(0)})
arguments = (region, patients)
keywords = {"vaccinated": vaccinated}
SITE = "practice"
COMPARED = ("nation", "sd_region", "sd_practice", "by_region", "practice")
centred = uptake
decentred = model


def kappa(at):
    information = patients / (2 + np.exp(at["practice"]) + np.exp(-at["practice"]))
    return information / (information + 1 / at["sd_practice"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), region, patients, vaccinated=vaccinated)
    mcmc.print_summary()
