"""Waiting times at bus stops: how long on the whole, and how much stops differ."""

import numpyro
from jax import numpy as jnp
from jax import random
from numpyro.distributions import Exponential, Gamma, HalfNormal
from numpyro.infer import MCMC, NUTS


def one_rate(waits=None):
    rate = numpyro.sample("rate", HalfNormal(1.0))
    with numpyro.plate("people", 8):
        numpyro.sample("waits", Exponential(rate), obs=waits)


def by_stop(waits=None):
    shape = numpyro.sample("shape", Gamma(2.0, 1.0))
    with numpyro.plate("stops", 4):
        pace = numpyro.sample("pace", Gamma(2.0, 1.0))
        numpyro.sample("waits", Gamma(shape, pace), obs=waits)


waits = jnp.array([0.5, 3.1, 1.2, 0.3, 2.2, 5.0, 0.9, 1.7])
mcmc = MCMC(NUTS(one_rate), num_warmup=100, num_samples=100, progress_bar=False)
mcmc.run(random.PRNGKey(3), waits=waits)
print(mcmc.get_samples()["rate"].mean())

stops = MCMC(NUTS(by_stop), num_warmup=100, num_samples=100, progress_bar=False)
stops.run(random.PRNGKey(4), waits=jnp.array([2.0, 1.1, 4.2, 0.7]))
print(stops.get_samples()["pace"].mean(0))
