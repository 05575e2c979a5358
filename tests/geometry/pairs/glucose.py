"""Glucose under the skin every five minutes: a random walk, read well but for outliers."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(212)
level = 6 + np.cumsum(0.3 * rng.normal(size=80))
reading = level + 0.1 * rng.standard_t(4, size=80)


def model(reading):
    start = numpyro.sample("start", dist.Normal(6, 2))
    tau = numpyro.sample("tau", dist.LogNormal(-1, 1))
    sigma = numpyro.sample("sigma", dist.LogNormal(-2.3, 0.3))
    drift = numpyro.sample("drift", dist.GaussianRandomWalk(tau, num_steps=80))
    with numpyro.plate("times", 80):
        numpyro.sample("reading", dist.StudentT(4, start + drift, sigma), obs=reading)


def decentred(reading):
    start = numpyro.sample("start", dist.Normal(6, 2))
    tau = numpyro.sample("tau", dist.LogNormal(-1, 1))
    sigma = numpyro.sample("sigma", dist.LogNormal(-2.3, 0.3))
    with numpyro.plate("steps", 80):
        z = numpyro.sample("z", dist.Normal(0, 1))
    drift = numpyro.deterministic("drift", jnp.cumsum(tau * z))
    with numpyro.plate("times", 80):
        numpyro.sample("reading", dist.StudentT(4, start + drift, sigma), obs=reading)


arguments = (reading,)
keywords = {}
SITE = "drift"
COMPARED = ("start", "tau", "sigma", "drift")
centred = model


def kappa(at):
    # Of a level and the step that leads to it; a Student's t of 4 tells 5/7 of a Normal.
    information = np.full(80, 5 / 7 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), reading)
    mcmc.print_summary()
