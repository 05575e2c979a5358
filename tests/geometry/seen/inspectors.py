"""Kitchens that pass: 120 of them, three visits each by some of fourteen inspectors."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(512)
kitchen = np.repeat(np.arange(120), 3)
busy = rng.dirichlet(np.full(14, 3.0))
inspector = rng.choice(14, size=360, p=busy)
logit = 0.9 + 1.0 * rng.normal(size=120)[kitchen] + 0.6 * rng.normal(size=14)[inspector]
passed = rng.binomial(1, 1 / (1 + np.exp(-logit)))


def inspections(kitchen, inspector, passed=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    sd_kitchen = numpyro.sample("sd_kitchen", dist.HalfNormal(1.5))
    sd_inspector = numpyro.sample("sd_inspector", dist.HalfNormal(1.5))
    with numpyro.plate("kitchens", 120):
        hygiene = numpyro.sample("hygiene", dist.Normal(0, sd_kitchen))
    with numpyro.plate("inspectors", 14):
        lenience = numpyro.sample("lenience", dist.Normal(0, sd_inspector))
    with numpyro.plate("visits", len(kitchen)):
        logits = mu + hygiene[kitchen] + lenience[inspector]
        numpyro.sample("passed", dist.Bernoulli(logits=logits), obs=passed)


both = {"hygiene": LocScaleReparam(0), "lenience": LocScaleReparam(0)}
model = handlers.reparam(inspections, config=both)

arguments = (kitchen, inspector)
keywords = {"passed": passed}
SITE = "lenience"
COMPARED = ("mu", "sd_kitchen", "sd_inspector", "hygiene", "lenience")
centred = handlers.reparam(inspections, config={"hygiene": LocScaleReparam(0)})
decentred = model


def kappa(at):
    logit = at["mu"] + at["hygiene"][kitchen] + at["lenience"][inspector]
    share = 1 / (1 + np.exp(-logit))
    information = np.bincount(inspector, share * (1 - share), minlength=14)
    return information / (information + 1 / at["sd_inspector"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), kitchen, inspector, passed=passed)
    mcmc.print_summary()
