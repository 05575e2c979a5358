"""A sparse regression: three of fifteen coefficients are not nought (decentred by hand)."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(23)
x = rng.normal(size=(80, 15))
y = x @ np.array([2.0, -1.5, 1.0] + [0.0] * 12) + rng.normal(size=80)


def model(x, y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("features", x.shape[1]):
        shrinkage = numpyro.sample("shrinkage", dist.HalfCauchy(1))
        z = numpyro.sample("z", dist.Normal(0, 1))
        beta = numpyro.deterministic("beta", tau * shrinkage * z)
    with numpyro.plate("rows", x.shape[0]):
        numpyro.sample("y", dist.Normal(x @ beta, sigma), obs=y)


def centred(x, y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("features", x.shape[1]):
        shrinkage = numpyro.sample("shrinkage", dist.HalfCauchy(1))
        beta = numpyro.sample("beta", dist.Normal(0, tau * shrinkage))
    with numpyro.plate("rows", x.shape[0]):
        numpyro.sample("y", dist.Normal(x @ beta, sigma), obs=y)


arguments = (x,)
keywords = {"y": y}
SITE = "beta"
COMPARED = ("tau", "sigma", "shrinkage", "beta")
decentred = model


def kappa(at):
    information = np.sum(x**2, axis=0) / at["sigma"] ** 2
    return information / (information + 1 / (at["tau"] * at["shrinkage"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), x, y=y)
    mcmc.print_summary()
