"""Voles caught in each of sixty months, of a stock whose log is a random walk."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4108)
nights = rng.integers(3, 7, size=60)
voles = rng.poisson(nights * np.exp(0.8 + np.cumsum(rng.normal(0, 0.25, size=60))))


def model(nights, voles=None):
    start = numpyro.sample("start", dist.Normal(0.5, 1))
    step = numpyro.sample("step", dist.Exponential(4))
    stock = numpyro.sample("stock", dist.GaussianRandomWalk(step, num_steps=len(nights)))
    with numpyro.plate("months", len(nights)):
        numpyro.sample("voles", dist.Poisson(nights * jnp.exp(start + stock)), obs=voles)


def decentred(nights, voles=None):
    start = numpyro.sample("start", dist.Normal(0.5, 1))
    step = numpyro.sample("step", dist.Exponential(4))
    with numpyro.plate("months", len(nights)):
        change = numpyro.sample("change", dist.Normal(0, 1))
    stock = numpyro.deterministic("stock", step * jnp.cumsum(change))
    with numpyro.plate("catches", len(nights)):
        numpyro.sample("voles", dist.Poisson(nights * jnp.exp(start + stock)), obs=voles)


arguments = (nights,)
keywords = {"voles": voles}
SITE = "stock"
COMPARED = ("start", "step", "stock")
centred = model


def kappa(at):
    information = nights * np.exp(at["start"] + at["stock"])
    return information / (information + 1 / at["step"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), nights, voles=voles)
    mcmc.print_summary()
