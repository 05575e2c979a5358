"""The words of thirty-six toddlers at five visits: how many at first, and how fast they grow."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4109)
child, visit = (each.ravel() for each in np.indices((36, 5)))
age = 0.25 * visit
covariance = np.array([[2.0**2, 0.4 * 2.0 * 2.5], [0.4 * 2.0 * 2.5, 2.5**2]])
growth = rng.multivariate_normal([7.0, 11.0], covariance, size=36)
root_words = rng.normal(growth[child, 0] + growth[child, 1] * age, 1.2)


def model(child, age, root_words=None):
    mean = numpyro.sample("mean", dist.Normal(jnp.array([5.0, 10.0]), 5).to_event(1))
    scale = numpyro.sample("scale", dist.Exponential(0.5).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, concentration=2))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    tril = scale[:, None] * corr
    with numpyro.plate("children", 36):
        growth = numpyro.sample("growth", dist.MultivariateNormal(mean, scale_tril=tril))
    with numpyro.plate("visits", len(child)):
        expected = growth[child, 0] + growth[child, 1] * age
        numpyro.sample("root_words", dist.Normal(expected, sigma), obs=root_words)


def decentred(child, age, root_words=None):
    mean = numpyro.sample("mean", dist.Normal(jnp.array([5.0, 10.0]), 5).to_event(1))
    scale = numpyro.sample("scale", dist.Exponential(0.5).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, concentration=2))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    tril = scale[:, None] * corr
    with numpyro.plate("children", 36):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
    growth = numpyro.deterministic("growth", mean + z @ tril.T)
    with numpyro.plate("visits", len(child)):
        expected = growth[child, 0] + growth[child, 1] * age
        numpyro.sample("root_words", dist.Normal(expected, sigma), obs=root_words)


arguments = (child, age)
keywords = {"root_words": root_words}
SITE = "growth"
COMPARED = ("mean", "scale", "corr", "sigma", "growth")
centred = model


def kappa(at):
    design = np.stack([np.ones(5), age[:5]], axis=1)
    information = design.T @ design / at["sigma"] ** 2
    tril = at["scale"][:, None] * at["corr"]
    return np.diag(np.linalg.solve(information + np.linalg.inv(tril @ tril.T), information))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), child, age, root_words=root_words)
    mcmc.print_summary()
