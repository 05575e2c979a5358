"""Sizes from the command line, the short way."""

import sys

import numpy as np
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

n = int(sys.argv[1]) if len(sys.argv) > 1 else 25
key = random.PRNGKey(0)
x = np.sort(np.random.RandomState(1).uniform(-2, 2, n))
y = 2 * x + np.random.RandomState(2).standard_t(3, n)


def student(x, y=None):
    slope, intercept = numpyro.sample("slope", dist.Normal(0, 1)), numpyro.sample("intercept", dist.Normal(0, 1))
    df = numpyro.sample("df", dist.Gamma(2, 0.1))
    numpyro.sample("y", dist.StudentT(df, slope * x + intercept, 1.0), obs=y)


mcmc = MCMC(NUTS(student), num_warmup=100, num_samples=100)
mcmc.run(key, x, y=y)
mcmc.print_summary()
