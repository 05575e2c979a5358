"""Burglaries in the 48 wards of a city in a year: neighbouring wards are alike."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(504)
# Wards on a grid of six by eight, each a neighbour of those at its sides.
row, column = (each.ravel() for each in np.indices((6, 8)))
adjacent = (abs(row[:, None] - row) + abs(column[:, None] - column) == 1).astype(float)
neighbours = adjacent.sum(axis=1)
precision = (np.diag(neighbours) - 0.95 * adjacent) / 0.7**2
households = rng.uniform(0.8, 4.0, size=48)  # thousands
log_rate = 0.9 + np.linalg.cholesky(np.linalg.inv(precision)) @ rng.normal(size=48)
burglaries = rng.poisson(households * np.exp(log_rate))


def model(adjacent, households, burglaries=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    rho = numpyro.sample("rho", dist.Beta(4, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    phi = numpyro.sample("phi", dist.CAR(jnp.zeros(48), rho, 1 / tau**2, adjacent))
    with numpyro.plate("wards", 48):
        rate = households * jnp.exp(mu + phi)
        numpyro.sample("burglaries", dist.Poisson(rate), obs=burglaries)


def decentred(adjacent, households, burglaries=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    rho = numpyro.sample("rho", dist.Beta(4, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    unit = numpyro.sample("unit", dist.CAR(jnp.zeros(48), rho, 1.0, adjacent))
    phi = numpyro.deterministic("phi", tau * unit)
    with numpyro.plate("wards", 48):
        rate = households * jnp.exp(mu + phi)
        numpyro.sample("burglaries", dist.Poisson(rate), obs=burglaries)


arguments = (adjacent, households)
keywords = {"burglaries": burglaries}
SITE = "phi"
COMPARED = ("mu", "rho", "tau", "phi")
centred = model


def kappa(at):
    # Of a ward, given its neighbours.
    information = households * np.exp(at["mu"] + at["phi"])
    return information / (information + neighbours / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), adjacent, households, burglaries=burglaries)
    mcmc.print_summary()
