"""The strength of paste in twenty batches, a hundred samples of each, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(2)
batch = np.repeat(np.arange(20), 100)
strength = rng.normal(60 + 2.0 * rng.normal(size=20)[batch], 1.0)


def model(batch, strength=None):
    mu = numpyro.sample("mu", dist.Normal(60, 10))
    tau = numpyro.sample("tau", dist.HalfNormal(5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(5))
    with numpyro.plate("batches", 20):
        z = numpyro.sample("z", dist.Normal(0, 1))
        theta = numpyro.deterministic("theta", mu + tau * z)
    with numpyro.plate("samples", len(batch)):
        numpyro.sample("strength", dist.Normal(theta[batch], sigma), obs=strength)


def centred(batch, strength=None):
    mu = numpyro.sample("mu", dist.Normal(60, 10))
    tau = numpyro.sample("tau", dist.HalfNormal(5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(5))
    with numpyro.plate("batches", 20):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
    with numpyro.plate("samples", len(batch)):
        numpyro.sample("strength", dist.Normal(theta[batch], sigma), obs=strength)


arguments = (batch,)
keywords = {"strength": strength}
SITE = "theta"
COMPARED = ("mu", "tau", "sigma", "theta")
decentred = model


def kappa(at):
    information = np.bincount(batch) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), batch, strength=strength)
    mcmc.print_summary()
