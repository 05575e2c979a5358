"""Offsets of amplifiers of twelve lots, six from each, in volts: a few hundred-thousandths."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4120)
lot = np.repeat(np.arange(12), 6)
offset = rng.normal(rng.normal(3e-5, 1.5e-5, size=12)[lot], 2.5e-5)


def model(lot, offset=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1e-4))
    tau = numpyro.sample("tau", dist.HalfNormal(5e-5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(5e-5))
    with numpyro.plate("lots", 12):
        z = numpyro.sample("z", dist.Normal(0, 1))
    mean = numpyro.deterministic("mean", mu + tau * z)
    with numpyro.plate("amplifiers", len(lot)):
        numpyro.sample("offset", dist.Normal(mean[lot], sigma), obs=offset)


def centred(lot, offset=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1e-4))
    tau = numpyro.sample("tau", dist.HalfNormal(5e-5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(5e-5))
    with numpyro.plate("lots", 12):
        mean = numpyro.sample("mean", dist.Normal(mu, tau))
    with numpyro.plate("amplifiers", len(lot)):
        numpyro.sample("offset", dist.Normal(mean[lot], sigma), obs=offset)


arguments = (lot,)
keywords = {"offset": offset}
SITE = "mean"
COMPARED = ("mu", "tau", "sigma", "mean")
decentred = model


def kappa(at):
    information = np.full(12, 6 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), lot, offset=offset)
    mcmc.print_summary()
