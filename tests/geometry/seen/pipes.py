"""The deepest pit of 35 buried pipes, measured four times in fourteen years: starts and rates."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(806)
pipe, visit = (each.ravel() for each in np.indices((35, 4)))
decades = np.array([0.0, 0.5, 0.9, 1.4])[visit]
spread = np.array([0.5, 0.45])
truth = rng.multivariate_normal([2.0, 1.1], np.outer(spread, spread) * [[1, 0.4], [0.4, 1]], 35)
depth = rng.normal(truth[pipe, 0] + truth[pipe, 1] * decades, 0.3)  # mm


def model(pipe, decades, depth=None):
    mu = numpyro.sample("mu", dist.Normal(1, 2).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfCauchy(1).expand([2]).to_event(1))
    L_omega = numpyro.sample("L_omega", dist.LKJCholesky(2, concentration=2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    L_sigma = tau[:, None] * L_omega
    with numpyro.plate("pipes", 35):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        growth = numpyro.deterministic("growth", mu + z @ L_sigma.T)
    with numpyro.plate("visits", len(pipe)):
        mean = growth[pipe, 0] + growth[pipe, 1] * decades
        numpyro.sample("depth", dist.Normal(mean, sigma), obs=depth)


def centred(pipe, decades, depth=None):
    mu = numpyro.sample("mu", dist.Normal(1, 2).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfCauchy(1).expand([2]).to_event(1))
    L_omega = numpyro.sample("L_omega", dist.LKJCholesky(2, concentration=2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    L_sigma = jnp.expand_dims(tau, 1) * L_omega
    with numpyro.plate("pipes", 35):
        growth = numpyro.sample("growth", dist.MultivariateNormal(mu, scale_tril=L_sigma))
    with numpyro.plate("visits", len(pipe)):
        mean = growth[pipe, 0] + growth[pipe, 1] * decades
        numpyro.sample("depth", dist.Normal(mean, sigma), obs=depth)


arguments = (pipe, decades)
keywords = {"depth": depth}
SITE = "growth"
COMPARED = ("mu", "tau", "L_omega", "sigma", "growth")
decentred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    told = [np.bincount(pipe, decades**each) for each in (0, 2)]
    information = np.stack(told, axis=1) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), pipe, decades, depth=depth)
    mcmc.print_summary()
