"""Accidents at eighty crossings, most of which saw none, decentred by the handler."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(8)
years = rng.uniform(0.5, 2.0, size=80)
accidents = rng.poisson(years * np.exp(-1.0 + 0.4 * rng.normal(size=80)))


@handlers.reparam(config={"log_rate": LocScaleReparam(0)})
def model(years, accidents=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    log_tau = numpyro.sample("log_tau", dist.Normal(-1, 0.5))
    with numpyro.plate("crossings", len(years)):
        log_rate = numpyro.sample("log_rate", dist.Normal(mu, jnp.exp(log_tau)))
        numpyro.sample("accidents", dist.Poisson(years * jnp.exp(log_rate)), obs=accidents)


arguments = (years,)
keywords = {"accidents": accidents}
SITE = "log_rate"
COMPARED = ("mu", "log_tau", "log_rate")
centred = model.fn
decentred = model


def kappa(at):
    information = years * np.exp(at["log_rate"])
    return information / (information + 1 / np.exp(at["log_tau"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), years, accidents=accidents)
    mcmc.print_summary()
