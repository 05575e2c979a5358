"""Strikes in each quarter of fifteen years: the log of their rate walks at random."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4107)
strikes = rng.poisson(np.exp(2.2 + np.cumsum(0.18 * rng.normal(size=60))))


def model(strikes):
    start = numpyro.sample("start", dist.Normal(2, 1))
    log_step = numpyro.sample("log_step", dist.Normal(-2, 1))
    walk = dist.GaussianRandomWalk(jnp.exp(log_step), num_steps=60)
    level = numpyro.sample("level", walk)
    with numpyro.plate("quarters", 60):
        numpyro.sample("strikes", dist.Poisson(jnp.exp(start + level)), obs=strikes)


def decentred(strikes):
    start = numpyro.sample("start", dist.Normal(2, 1))
    log_step = numpyro.sample("log_step", dist.Normal(-2, 1))
    with numpyro.plate("steps", 60):
        step = numpyro.sample("step", dist.Normal(0, 1))
    level = numpyro.deterministic("level", jnp.cumsum(jnp.exp(log_step) * step))
    with numpyro.plate("quarters", 60):
        numpyro.sample("strikes", dist.Poisson(jnp.exp(start + level)), obs=strikes)


arguments = (strikes,)
keywords = {}
SITE = "level"
COMPARED = ("start", "log_step", "level")
centred = model


def kappa(at):
    # Of a level and the step that leads to it.
    information = np.exp(at["start"] + at["level"])
    return information / (information + np.exp(-2 * at["log_step"]))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), strikes)
    mcmc.print_summary()
