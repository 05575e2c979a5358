"""A price read with a small error that is known: a random walk, its steps scaled by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

error = 0.05
rng = np.random.default_rng(25)
log_price = rng.normal(np.cumsum(0.5 * rng.normal(size=40)), error)


def model(log_price):
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("steps", 40):
        step = numpyro.sample("step", dist.Normal(0, 1))
    level = numpyro.deterministic("level", jnp.cumsum(tau * step))
    with numpyro.plate("times", 40):
        numpyro.sample("log_price", dist.Normal(level, error), obs=log_price)


def centred(log_price):
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    level = numpyro.sample("level", dist.GaussianRandomWalk(tau, num_steps=40))
    with numpyro.plate("times", 40):
        numpyro.sample("log_price", dist.Normal(level, error), obs=log_price)


arguments = (log_price,)
keywords = {}
SITE = "level"
COMPARED = ("tau", "level")
decentred = model


def kappa(at):
    # Of a level and the step that leads to it.
    information = np.full(40, 1 / error**2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), log_price)
    mcmc.print_summary()
