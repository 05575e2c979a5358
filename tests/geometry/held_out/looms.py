"""Breaks of the yarn of twenty-five lots, each of which was woven on eight looms."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4112)
lot, loom = (each.ravel() for each in np.indices((25, 8)))
rate = np.exp(1.3 + rng.normal(0, 0.35, size=25)[lot] + rng.normal(0, 0.5, size=8)[loom])
breaks = rng.poisson(rate * rng.gamma(5, 1 / 5, size=len(rate)))


def model(lot, loom, breaks=None):
    intercept = numpyro.sample("intercept", dist.Normal(1, 1))
    sd_lot = numpyro.sample("sd_lot", dist.HalfNormal(0.5))
    sd_loom = numpyro.sample("sd_loom", dist.HalfNormal(0.5))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.2))
    with numpyro.plate("lots", 25):
        by_lot = numpyro.sample("by_lot", dist.Normal(0, sd_lot))
    with numpyro.plate("looms", 8):
        by_loom = numpyro.sample("by_loom", dist.Normal(0, sd_loom))
    with numpyro.plate("pieces", len(lot)):
        mean = jnp.exp(intercept + by_lot[lot] + by_loom[loom])
        numpyro.sample("breaks", dist.NegativeBinomial2(mean, concentration), obs=breaks)


arguments = (lot, loom)
keywords = {"breaks": breaks}
SITE = "by_lot"
COMPARED = ("intercept", "sd_lot", "sd_loom", "concentration", "by_lot", "by_loom")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    mean = np.exp(at["intercept"] + at["by_lot"][lot] + at["by_loom"][loom])
    information = np.bincount(lot, mean / (1 + mean / at["concentration"]))
    return information / (information + 1 / at["sd_lot"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), lot, loom, breaks=breaks)
    mcmc.print_summary()
