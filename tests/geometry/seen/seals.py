"""Seal pups counted at eighteen beaches in eight years, hundreds at most, by the handler."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4105)
beach, year = (each.ravel() for each in np.indices((18, 8)))
size = rng.normal(4.6, 0.8, size=18)
pups = rng.poisson(np.exp(size[beach] + 0.04 * (year - 3.5)))


@handlers.reparam(config={"size": LocScaleReparam(0)})
def model(beach, year, pups=None):
    mu = numpyro.sample("mu", dist.Normal(4, 2))
    tau = numpyro.sample("tau", dist.LogNormal(-0.5, 0.7))
    growth = numpyro.sample("growth", dist.Normal(0, 0.1))
    with numpyro.plate("beaches", 18):
        size = numpyro.sample("size", dist.Normal(mu, tau))
    with numpyro.plate("counts", len(beach)):
        rate = jnp.exp(size[beach] + growth * (year - 3.5))
        numpyro.sample("pups", dist.Poisson(rate), obs=pups)


arguments = (beach, year)
keywords = {"pups": pups}
SITE = "size"
COMPARED = ("mu", "tau", "growth", "size")
centred = model.fn
decentred = model


def kappa(at):
    information = np.bincount(beach, np.exp(at["size"][beach] + at["growth"] * (year - 3.5)))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), beach, year, pups=pups)
    mcmc.print_summary()
