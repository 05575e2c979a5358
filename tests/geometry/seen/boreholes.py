"""Arsenic in boreholes of forty villages, of which five have been sampled so far."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(413)
sampled = np.array([3, 11, 12, 27, 38])
log_arsenic = rng.normal(rng.normal(2.5, 0.8, size=40)[sampled], 0.4)


def model(sampled, log_arsenic=None):
    region = numpyro.sample("region", dist.Normal(2, 1))
    between = numpyro.sample("between", dist.LogNormal(-0.5, 0.7))
    within = numpyro.sample("within", dist.LogNormal(-1, 0.3))
    with numpyro.plate("villages", 40):
        village = numpyro.sample("village", dist.Normal(region, between))
    with numpyro.plate("samples", len(sampled)):
        numpyro.sample("log_arsenic", dist.Normal(village[sampled], within), obs=log_arsenic)


arguments = (sampled, log_arsenic)
keywords = {}
SITE = "village"
COMPARED = ("region", "between", "within", "village")
centred = model
decentred = handlers.reparam(model, config={"village": LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(sampled, minlength=40) / at["within"] ** 2
    return information / (information + 1 / at["between"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), sampled, log_arsenic)
    mcmc.print_summary()
