"""Delays of ferries on forty routes, one to five crossings each: the sea decides, not the route."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(201)
route = np.repeat(np.arange(40), rng.integers(1, 6, size=40))
delay = rng.normal(6 + 1.5 * rng.normal(size=40)[route], 8.0)


def model(route, delay=None):
    usual = numpyro.sample("usual", dist.Normal(0, 10))
    tau = numpyro.sample("tau", dist.HalfNormal(5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(10))
    with numpyro.plate("routes", 40):
        lateness = numpyro.sample("lateness", dist.Normal(usual, tau))
    with numpyro.plate("crossings", len(route)):
        numpyro.sample("delay", dist.Normal(lateness[route], sigma), obs=delay)


arguments = (route,)
keywords = {"delay": delay}
SITE = "lateness"
COMPARED = ("usual", "tau", "sigma", "lateness")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(route) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), route, delay=delay)
    mcmc.print_summary()
