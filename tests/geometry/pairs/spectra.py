"""Thirty wavelengths, 32 samples: a ridge regression on absorbances that are correlated."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(115)
factor = rng.normal(size=(32, 3)) @ rng.normal(size=(3, 30))
x = rng.normal(size=(32, 30)) + 0.5 * factor
y = x @ (0.4 * rng.normal(size=30)) + 0.7 * rng.normal(size=32)


def model(x, y=None):
    intercept = numpyro.sample("intercept", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.InverseGamma(3, 2))
    with numpyro.plate("wavelengths", x.shape[1]):
        beta = numpyro.sample("beta", dist.Normal(0, tau))
    with numpyro.plate("samples", x.shape[0]):
        numpyro.sample("y", dist.Normal(intercept + x @ beta, sigma), obs=y)


arguments = (x,)
keywords = {"y": y}
SITE = "beta"
COMPARED = ("intercept", "tau", "sigma", "beta")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of a coefficient, all others being known.
    information = np.sum(x**2, axis=0) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), x, y=y)
    mcmc.print_summary()
