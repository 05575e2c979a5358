"""A temperature that drifts and is read off with an error of the size of its steps."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(46)
reading = rng.normal(np.cumsum(0.4 * rng.normal(size=60)), 0.5)


def model(reading):
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    level = numpyro.sample("level", dist.GaussianRandomWalk(tau, num_steps=60))
    with numpyro.plate("times", 60):
        numpyro.sample("reading", dist.Normal(level, sigma), obs=reading)


def decentred(reading):
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("steps", 60):
        step = numpyro.sample("step", dist.Normal(0, 1))
    level = numpyro.deterministic("level", jnp.cumsum(tau * step))
    with numpyro.plate("times", 60):
        numpyro.sample("reading", dist.Normal(level, sigma), obs=reading)


arguments = (reading,)
keywords = {}
SITE = "level"
COMPARED = ("tau", "sigma", "level")
centred = model


def kappa(at):
    # Of a level and the step that leads to it.
    information = np.full(60, 1 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), reading)
    mcmc.print_summary()
