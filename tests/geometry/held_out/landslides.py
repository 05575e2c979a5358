"""Landslides in forty catchments of unequal area after wet and dry winters."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4105)
area = np.exp(rng.normal(2.0, 0.9, size=40))
rain = rng.normal(0, 1, size=40)
slides = rng.poisson(area * np.exp(rng.normal(-1.5 + 0.4 * rain, 0.5)))


def model(area, rain, slides=None):
    base = numpyro.sample("base", dist.Normal(-1, 2))
    wet = numpyro.sample("wet", dist.Normal(0, 1))
    raw = numpyro.sample("raw", dist.Normal(0, 1))
    tau = numpyro.deterministic("tau", jax.nn.softplus(raw))
    with numpyro.plate("catchments", len(area)):
        z = numpyro.sample("z", dist.Normal(0, 1))
        log_rate = numpyro.deterministic("log_rate", base + wet * rain + tau * z)
        numpyro.sample("slides", dist.Poisson(area * jnp.exp(log_rate)), obs=slides)


def centred(area, rain, slides=None):
    base = numpyro.sample("base", dist.Normal(-1, 2))
    wet = numpyro.sample("wet", dist.Normal(0, 1))
    raw = numpyro.sample("raw", dist.Normal(0, 1))
    tau = numpyro.deterministic("tau", jax.nn.softplus(raw))
    with numpyro.plate("catchments", len(area)):
        log_rate = numpyro.sample("log_rate", dist.Normal(base + wet * rain, tau))
        numpyro.sample("slides", dist.Poisson(area * jnp.exp(log_rate)), obs=slides)


arguments = (area, rain)
keywords = {"slides": slides}
SITE = "log_rate"
COMPARED = ("base", "wet", "tau", "log_rate")
decentred = model


def kappa(at):
    information = area * np.exp(at["log_rate"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), area, rain, slides=slides)
    mcmc.print_summary()
