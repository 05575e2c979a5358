"""Weekly cases of influenza in a year: the log of the rate walks at random."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(111)
log_rate = 3 + np.cumsum(0.2 * rng.normal(size=52))
cases = rng.poisson(np.exp(log_rate))


def model(cases):
    start = numpyro.sample("start", dist.Normal(2, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    walk = numpyro.sample("walk", dist.GaussianRandomWalk(tau, num_steps=52))
    with numpyro.plate("weeks", 52):
        numpyro.sample("cases", dist.Poisson(jnp.exp(start + walk)), obs=cases)


def decentred(cases):
    start = numpyro.sample("start", dist.Normal(2, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("steps", 52):
        z = numpyro.sample("z", dist.Normal(0, 1))
    walk = numpyro.deterministic("walk", jnp.cumsum(tau * z))
    with numpyro.plate("weeks", 52):
        numpyro.sample("cases", dist.Poisson(jnp.exp(start + walk)), obs=cases)


arguments = (cases,)
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
    mcmc.run(random.PRNGKey(0), cases)
    mcmc.print_summary()
