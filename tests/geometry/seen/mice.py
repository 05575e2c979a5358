"""Weights of newborn mice in 27 litters of five to fourteen at three doses, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(515)
pups = rng.integers(5, 15, size=27)
born = np.arange(14)[:, None] < pups
dose = np.repeat([0, 1, 2], 9)
litter = np.array([1.55, 1.5, 1.38])[dose] + 0.12 * rng.normal(size=27)
weight = np.where(born, rng.normal(litter, 0.1, size=(14, 27)), 0.0)  # grams


def model(dose, pups, born, weight=None):
    by_dose = numpyro.sample("by_dose", dist.Normal(1.5, 0.5).expand([3]).to_event(1))
    per_pup = numpyro.sample("per_pup", dist.Normal(0, 0.1))
    sd_litter = numpyro.sample("sd_litter", dist.HalfNormal(0.5))
    sd_pup = numpyro.sample("sd_pup", dist.HalfNormal(0.5))
    with numpyro.plate("litters", 27, dim=-1):
        z = numpyro.sample("z", dist.Normal(0, 1))
        mean = by_dose[dose] + per_pup * (pups - 10)
        litter = numpyro.deterministic("litter", mean + sd_litter * z)
        with numpyro.plate("pups", 14, dim=-2), handlers.mask(mask=born):
            numpyro.sample("weight", dist.Normal(litter, sd_pup), obs=weight)


def centred(dose, pups, born, weight=None):
    by_dose = numpyro.sample("by_dose", dist.Normal(1.5, 0.5).expand([3]).to_event(1))
    per_pup = numpyro.sample("per_pup", dist.Normal(0, 0.1))
    sd_litter = numpyro.sample("sd_litter", dist.HalfNormal(0.5))
    sd_pup = numpyro.sample("sd_pup", dist.HalfNormal(0.5))
    with numpyro.plate("litters", 27, dim=-1):
        mean = by_dose[dose] + per_pup * (pups - 10)
        litter = numpyro.sample("litter", dist.Normal(mean, sd_litter))
        with numpyro.plate("pups", 14, dim=-2), handlers.mask(mask=born):
            numpyro.sample("weight", dist.Normal(litter, sd_pup), obs=weight)


arguments = (dose, pups, born)
keywords = {"weight": weight}
SITE = "litter"
COMPARED = ("by_dose", "per_pup", "sd_litter", "sd_pup", "litter")
decentred = model


def kappa(at):
    information = pups / at["sd_pup"] ** 2
    return information / (information + 1 / at["sd_litter"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), dose, pups, born, weight=weight)
    mcmc.print_summary()
