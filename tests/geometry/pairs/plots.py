"""Yields of thirty fields, five plots in each: neither weak nor strong."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(3)
field = np.repeat(np.arange(30), 5)
harvest = rng.normal(4 + 0.7 * rng.normal(size=30)[field], 1.0)


def model(field, harvest=None):
    mu = numpyro.sample("mu", dist.Normal(0, 10))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("fields", 30):
        fertility = numpyro.sample("fertility", dist.Normal(mu, tau))
    with numpyro.plate("plots", len(field)):
        numpyro.sample("harvest", dist.Normal(fertility[field], sigma), obs=harvest)


arguments = (field,)
keywords = {"harvest": harvest}
SITE = "fertility"
COMPARED = ("mu", "tau", "sigma", "fertility")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(field) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), field, harvest=harvest)
    mcmc.print_summary()
