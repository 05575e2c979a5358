"""Cod and haddock in the hauls of 28 trawlers, four each: correlated log catches."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(409)
hauls = 4
hours = rng.uniform(1, 4, size=(28, hauls))
covariance = [[0.25, 0.14], [0.14, 0.36]]
true_skill = rng.multivariate_normal([1.8, 1.2], covariance, size=28)
catch = rng.poisson(hours[..., None] * np.exp(true_skill)[:, None, :])


def priors():
    mean = numpyro.sample("mean", dist.Normal(jnp.array([1.0, 1.0]), 2.0).to_event(1))
    sd = numpyro.sample("sd", dist.HalfNormal(1.0).expand([2]).to_event(1))
    L = numpyro.sample("L", dist.LKJCholesky(2, concentration=1.5))
    return mean, sd[:, None] * L


def catches(skill, hours, catch):
    rate = hours[..., None] * jnp.exp(skill)[:, None, :]
    with numpyro.plate_stack("hauls", hours.shape):
        numpyro.sample("catch", dist.Poisson(rate).to_event(1), obs=catch)


def centred(hours, catch=None):
    mean, scale_tril = priors()
    with numpyro.plate("trawlers", hours.shape[0]):
        skill = numpyro.sample("skill", dist.MultivariateNormal(mean, scale_tril=scale_tril))
    catches(skill, hours, catch)


def decentred(hours, catch=None):
    mean, scale_tril = priors()
    with numpyro.plate("trawlers", hours.shape[0]):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
    skill = numpyro.deterministic("skill", mean + z @ scale_tril.T)
    catches(skill, hours, catch)


model = centred
arguments = (hours,)
keywords = {"catch": catch}
SITE = "skill"
COMPARED = ("mean", "sd", "L", "skill")


def kappa(at):
    # Of each species alone: the correlation is left out.
    information = np.sum(hours, axis=1)[:, None] * np.exp(at["skill"])
    return information / (information + 1 / at["sd"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), hours, catch=catch)
    mcmc.print_summary()
