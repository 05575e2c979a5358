"""Harvests of twenty vineyards in six to fourteen years, and the rain: correlated, by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(617)
years = rng.integers(6, 15, size=20)
vineyard = np.repeat(np.arange(20), years)
rain = rng.normal(size=len(vineyard))
covariance = np.outer([1.0, 0.4], [1.0, 0.4]) * [[1, -0.4], [-0.4, 1]]
truth = rng.multivariate_normal([7.0, 0.5], covariance, size=20)
harvest = rng.normal(truth[vineyard, 0] + truth[vineyard, 1] * rain, 1.2)  # tonnes a hectare


def priors():
    mu = numpyro.sample("mu", dist.Normal(jnp.array([6.0, 0.0]), jnp.array([3.0, 1.0])).to_event(1))
    tau = numpyro.sample("tau", dist.Exponential(1).expand([2]).to_event(1))
    L_corr = numpyro.sample("L_corr", dist.LKJCholesky(2, concentration=2))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    return mu, tau[:, None] * L_corr, sigma


def harvests(vineyard, rain, line, sigma, harvest):
    with numpyro.plate("harvests", len(vineyard)):
        mean = line[vineyard, 0] + line[vineyard, 1] * rain
        numpyro.sample("harvest", dist.Normal(mean, sigma), obs=harvest)


def model(vineyard, rain, harvest=None):
    mu, scale_tril, sigma = priors()
    with numpyro.plate("vineyards", 20):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        line = numpyro.deterministic("line", mu + z @ scale_tril.T)
    harvests(vineyard, rain, line, sigma, harvest)


def centred(vineyard, rain, harvest=None):
    mu, scale_tril, sigma = priors()
    with numpyro.plate("vineyards", 20):
        line = numpyro.sample("line", dist.MultivariateNormal(mu, scale_tril=scale_tril))
    harvests(vineyard, rain, line, sigma, harvest)


arguments = (vineyard, rain)
keywords = {"harvest": harvest}
SITE = "line"
COMPARED = ("mu", "tau", "L_corr", "sigma", "line")
decentred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    design = np.stack([years, np.bincount(vineyard, rain**2)], axis=1)
    information = design / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), vineyard, rain, harvest=harvest)
    mcmc.print_summary()
