"""Calls to a helpline on sixty days: the log of what is to be expected walks."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(807)
DAYS = 60
weekend = (np.arange(DAYS) % 7 >= 5).astype(float)
truth = 3.1 + np.cumsum(0.12 * rng.normal(size=DAYS)) - 0.4 * weekend
calls = rng.poisson(np.exp(truth))


def model(weekend, calls=None):
    start = numpyro.sample("start", dist.Normal(3, 1))
    at_weekend = numpyro.sample("at_weekend", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.Exponential(5))
    walk = numpyro.sample("walk", dist.GaussianRandomWalk(tau, num_steps=DAYS))
    log_mean = start + walk + at_weekend * weekend
    with numpyro.plate("days", DAYS):
        numpyro.sample("calls", dist.Poisson(jnp.exp(log_mean)), obs=calls)


def decentred(weekend, calls=None):
    start = numpyro.sample("start", dist.Normal(3, 1))
    at_weekend = numpyro.sample("at_weekend", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.Exponential(5))
    step = numpyro.sample("step", dist.Normal(0, 1).expand([DAYS]).to_event(1))
    walk = numpyro.deterministic("walk", tau * jnp.cumsum(step))
    log_mean = start + walk + at_weekend * weekend
    with numpyro.plate("days", DAYS):
        numpyro.sample("calls", dist.Poisson(jnp.exp(log_mean)), obs=calls)


arguments = (weekend,)
keywords = {"calls": calls}
SITE = "walk"
COMPARED = ("start", "at_weekend", "tau", "walk")
centred = model


def kappa(at):
    # Of a level and the step that leads to it.
    information = np.exp(at["start"] + at["walk"] + at["at_weekend"] * weekend)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), weekend, calls=calls)
    mcmc.print_summary()
