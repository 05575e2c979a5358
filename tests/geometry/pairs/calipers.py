"""Sixteen operators measure one shaft ten times each, in metres, some readings being off."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(108)
operator = np.repeat(np.arange(16), 10)
true_reading = 0.05 + 0.0004 * rng.normal(size=16)
reading = true_reading[operator] + 0.0003 * rng.standard_t(3, size=160)


def model(operator, reading=None):
    diameter = numpyro.sample("diameter", dist.Normal(0.05, 0.01))
    tau = numpyro.sample("tau", dist.HalfNormal(0.001))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.001))
    df = numpyro.sample("df", dist.Gamma(2, 0.1))
    with numpyro.plate("operators", 16):
        level = numpyro.sample("level", dist.Normal(diameter, tau))
    with numpyro.plate("readings", len(operator)):
        numpyro.sample("reading", dist.StudentT(df, level[operator], sigma), obs=reading)


arguments = (operator,)
keywords = {"reading": reading}
SITE = "level"
COMPARED = ("diameter", "tau", "sigma", "df", "level")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # An observation of a Student's t with df tells (df + 1) / (df + 3) / sigma^2.
    shape = (at["df"] + 1) / (at["df"] + 3)
    information = np.bincount(operator) * shape / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), operator, reading=reading)
    mcmc.print_summary()
