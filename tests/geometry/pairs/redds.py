"""Nests of salmon counted in a river in each of 32 years: growth by steps, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(314)
log_nests = 4.2 + np.cumsum(rng.normal(-0.02, 0.25, size=32))
nests = rng.poisson(np.exp(log_nests))


def model(nests):
    start = numpyro.sample("start", dist.Normal(4, 1))
    growth = numpyro.sample("growth", dist.Normal(0, 0.2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))

    def year(previous, nests):
        z = numpyro.sample("z", dist.Normal(0, 1))
        log_nests = numpyro.deterministic("log_nests", previous + growth + tau * z)
        numpyro.sample("nests", dist.Poisson(jnp.exp(log_nests)), obs=nests)
        return log_nests, None

    scan(year, start, nests)


def centred(nests):
    start = numpyro.sample("start", dist.Normal(4, 1))
    growth = numpyro.sample("growth", dist.Normal(0, 0.2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))

    def year(previous, nests):
        log_nests = numpyro.sample("log_nests", dist.Normal(previous + growth, tau))
        numpyro.sample("nests", dist.Poisson(jnp.exp(log_nests)), obs=nests)
        return log_nests, None

    scan(year, start, nests)


arguments = (nests,)
keywords = {}
SITE = "log_nests"
COMPARED = ("start", "growth", "tau", "log_nests")
decentred = model


def kappa(at):
    # Of a level, given the one before.
    information = np.exp(at["log_nests"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), nests)
    mcmc.print_summary()
