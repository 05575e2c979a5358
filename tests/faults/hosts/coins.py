"""Coins and dice under SVI: guides from Beta, Dirichlet and Normal distributions."""

import numpyro as pyro
import numpyro.distributions as dist
from jax import jit, random
from jax import numpy as jnp
from numpyro.distributions import constraints
from numpyro.infer import SVI, Predictive, Trace_ELBO
from numpyro.optim import ClippedAdam


def coin(flips=None):
    fairness = pyro.sample("fairness", dist.Beta(10.0, 10.0))
    with pyro.plate("flips", 12):
        pyro.sample("flip", dist.Bernoulli(fairness), obs=flips)


def coin_guide(flips=None):
    alpha = pyro.param("alpha", 15.0, constraint=constraints.positive)
    beta = pyro.param(
        "beta", lambda key: 15.0 + random.uniform(key), constraint=constraints.positive
    )
    pyro.sample("fairness", dist.Beta(alpha, beta))


def weigh(readings=None):
    """The weight of a coin, read off several scales of unknown exactness."""
    weight = pyro.sample("weight", dist.Normal(8.5, 1.0))
    error = pyro.sample("error", dist.HalfNormal(0.5))
    with pyro.plate("scales", 3):
        bias = pyro.sample("bias", dist.Normal(0.0, 0.2))
        pyro.sample("readings", dist.Normal(weight + bias, error), obs=readings)


def weigh_guide(readings=None):
    loc = pyro.param("loc", 8.5)
    scale = pyro.param("scale", 0.5, constraint=constraints.positive)
    weight = pyro.sample("weight", dist.Normal(loc, scale))
    error_loc = pyro.param("error_loc", -1.0)
    pyro.sample("error", dist.LogNormal(error_loc, 0.3))
    drift = pyro.param("drift", 0.0)
    with pyro.plate("scales", 3):
        pyro.sample("bias", dist.Normal(drift * (weight - 8.5), 0.1))


flips = jnp.array([1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1])
readings = jnp.array([8.6, 8.4, 8.9])

svi = SVI(coin, coin_guide, ClippedAdam(0.005), Trace_ELBO())
fit_key, weigh_key, draw_key = random.split(random.PRNGKey(3), 3)
fitted = svi.run(fit_key, 400, flips, progress_bar=False)
print(fitted.params["alpha"] / (fitted.params["alpha"] + fitted.params["beta"]))

weighing = SVI(weigh, weigh_guide, ClippedAdam(0.005), Trace_ELBO())
state = weighing.init(weigh_key, readings=readings)
update = jit(weighing.update)
for _ in range(200):
    state, loss = update(state, readings=readings)
params = weighing.get_params(state)
print("weight", params["loc"], "loss", loss)

draws = Predictive(weigh, guide=weigh_guide, params=params, num_samples=50)(draw_key)
print(draws["readings"].mean(0))
