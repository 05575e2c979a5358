"""Strength of concrete, in pounds per square inch, with the cement of five suppliers."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4104)
cylinders = np.array([12, 9, 15, 6, 12])
supplier = np.repeat(np.arange(5), cylinders)
strength = rng.normal(rng.normal(4200, 220, size=5)[supplier], 310).round(-1)


def model(supplier, strength=None):
    mu = numpyro.sample("mu", dist.Normal(4000, 1000))
    tau = numpyro.sample("tau", dist.LogNormal(5, 1))
    sigma = numpyro.sample("sigma", dist.LogNormal(6, 1))
    with numpyro.plate("suppliers", 5):
        mean = numpyro.sample("mean", dist.Normal(mu, tau))
    with numpyro.plate("cylinders", len(supplier)):
        numpyro.sample("strength", dist.Normal(mean[supplier], sigma), obs=strength)


arguments = (supplier,)
keywords = {"strength": strength}
SITE = "mean"
COMPARED = ("mu", "tau", "sigma", "mean")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = cylinders / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), supplier, strength=strength)
    mcmc.print_summary()
