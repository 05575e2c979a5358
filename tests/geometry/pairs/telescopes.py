"""The magnitude of a star as three telescopes see it, twenty nights each."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(119)
telescope = np.repeat(np.arange(3), 20)
magnitude = rng.normal(11 + np.array([-0.2, 0.05, 0.25])[telescope], 0.5)


def model(telescope, magnitude=None):
    star = numpyro.sample("star", dist.Normal(11, 2))
    log_tau = numpyro.sample("log_tau", dist.Normal(-1.5, 0.8))
    log_sigma = numpyro.sample("log_sigma", dist.Normal(-1, 1))
    with numpyro.plate("telescopes", 3):
        zero_point = numpyro.sample("zero_point", dist.Normal(star, jnp.exp(log_tau)))
    with numpyro.plate("nights", len(telescope)):
        noise = jnp.exp(log_sigma)
        numpyro.sample("magnitude", dist.Normal(zero_point[telescope], noise), obs=magnitude)


arguments = (telescope,)
keywords = {"magnitude": magnitude}
SITE = "zero_point"
COMPARED = ("star", "log_tau", "log_sigma", "zero_point")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(telescope) / np.exp(at["log_sigma"]) ** 2
    return information / (information + 1 / np.exp(at["log_tau"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), telescope, magnitude=magnitude)
    mcmc.print_summary()
