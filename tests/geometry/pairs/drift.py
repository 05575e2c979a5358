"""A slow drift under much noise: a random walk of forty small steps."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(24)
reading = rng.normal(np.cumsum(0.1 * rng.normal(size=40)), 1.0)


def model(reading):
    tau = numpyro.sample("tau", dist.HalfNormal(0.3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    level = numpyro.sample("level", dist.GaussianRandomWalk(tau, num_steps=40))
    with numpyro.plate("times", 40):
        numpyro.sample("reading", dist.Normal(level, sigma), obs=reading)


def decentred(reading):
    tau = numpyro.sample("tau", dist.HalfNormal(0.3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("steps", 40):
        step = numpyro.sample("step", dist.Normal(0, 1))
    level = numpyro.deterministic("level", jnp.cumsum(tau * step))
    with numpyro.plate("times", 40):
        numpyro.sample("reading", dist.Normal(level, sigma), obs=reading)


arguments = (reading,)
keywords = {}
SITE = "level"
COMPARED = ("tau", "sigma", "level")
centred = model


def kappa(at):
    # Of a level and the step that leads to it.
    information = np.full(40, 1 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), reading)
    mcmc.print_summary()
