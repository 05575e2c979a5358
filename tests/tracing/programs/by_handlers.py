"""Handlers by hand: traces, conditions and a log density."""

import jax
import jax.numpy as jnp
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer.util import log_density


def weighing(guess):
    weight = numpyro.sample("weight", dist.Normal(guess, 1.0))
    return numpyro.sample("measurement", dist.Normal(weight, 0.75))


def burglary():
    burglar = numpyro.sample("burglar", dist.Bernoulli(0.01))
    quake = numpyro.sample("quake", dist.Bernoulli(0.02))
    p = jnp.where(burglar == 1, jnp.where(quake == 1, 0.95, 0.94), jnp.where(quake == 1, 0.29, 0.001))
    numpyro.sample("alarm", dist.Bernoulli(p))


key = random.key(0)
seeded = handlers.seed(weighing, key)
tr = handlers.trace(seeded).get_trace(8.5)
print(handlers.trace(handlers.condition(seeded, {"measurement": 9.0})).get_trace(8.5))
density, _ = log_density(weighing, (8.5,), {}, {"weight": 8.0, "measurement": 8.2})

with handlers.seed(rng_seed=1), handlers.trace() as alarmed:
    burglary()

worlds = jax.vmap(lambda k: handlers.seed(weighing, k)(8.5))(random.split(key, 10))
