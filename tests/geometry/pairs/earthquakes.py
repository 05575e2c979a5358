"""Earthquakes felt in each of sixty years, two or three a year: the log rate walks slowly."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(220)
felt = rng.poisson(np.exp(0.9 + np.cumsum(0.12 * rng.normal(size=60))))


def model(felt):
    start = numpyro.sample("start", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    walk = numpyro.sample("walk", dist.GaussianRandomWalk(tau, num_steps=60))
    with numpyro.plate("years", 60):
        numpyro.sample("felt", dist.Poisson(jnp.exp(start + walk)), obs=felt)


def decentred(felt):
    start = numpyro.sample("start", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("steps", 60):
        z = numpyro.sample("z", dist.Normal(0, 1))
    walk = numpyro.deterministic("walk", jnp.cumsum(tau * z))
    with numpyro.plate("years", 60):
        numpyro.sample("felt", dist.Poisson(jnp.exp(start + walk)), obs=felt)


arguments = (felt,)
keywords = {}
SITE = "walk"
COMPARED = ("start", "tau", "walk")
centred = model


def kappa(at):
    # Of a level and the step that leads to it.
    information = np.exp(at["start"] + at["walk"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), felt)
    mcmc.print_summary()
