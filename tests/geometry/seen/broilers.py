"""Weights in grams of broiler chickens before slaughter: forty sheds, twenty-five birds of each."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4101)
shed = np.repeat(np.arange(40), 25)
usual = rng.normal(2350, 95, size=40)
weight = rng.normal(usual[shed], 270)


def model(shed, weight=None):
    flock = numpyro.sample("flock", dist.Normal(2300, 300))
    between = numpyro.sample("between", dist.HalfNormal(200))
    within = numpyro.sample("within", dist.HalfNormal(400))
    with numpyro.plate("sheds", 40):
        typical = numpyro.sample("typical", dist.Normal(flock, between))
    with numpyro.plate("birds", len(shed)):
        numpyro.sample("weight", dist.Normal(typical[shed], within), obs=weight)


arguments = (shed,)
keywords = {"weight": weight}
SITE = "typical"
COMPARED = ("flock", "between", "within", "typical")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(shed) / at["within"] ** 2
    return information / (information + 1 / at["between"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), shed, weight=weight)
    mcmc.print_summary()
