"""Yields of dyestuff from six batches of an intermediate, five each (Davies, 1947)."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

grams = jnp.array(
    [
        [1545, 1440, 1440, 1520, 1580],
        [1540, 1555, 1490, 1560, 1495],
        [1595, 1550, 1605, 1510, 1560],
        [1445, 1440, 1595, 1465, 1545],
        [1595, 1630, 1515, 1635, 1625],
        [1520, 1455, 1450, 1480, 1445],
    ],
    dtype=float,
)


def model(grams):
    mu = numpyro.sample("mu", dist.Normal(1500, 200))
    sigma_batch = numpyro.sample("sigma_batch", dist.HalfNormal(100))
    sigma = numpyro.sample("sigma", dist.HalfNormal(100))
    with numpyro.plate("batches", grams.shape[0], dim=-2):
        batch = numpyro.sample("batch", dist.Normal(mu, sigma_batch))
        with numpyro.plate("preparations", grams.shape[1], dim=-1):
            numpyro.sample("grams", dist.Normal(batch, sigma), obs=grams)


def decentred(grams):
    mu = numpyro.sample("mu", dist.Normal(1500, 200))
    sigma_batch = numpyro.sample("sigma_batch", dist.HalfNormal(100))
    sigma = numpyro.sample("sigma", dist.HalfNormal(100))
    with numpyro.plate("batches", grams.shape[0], dim=-2):
        z = numpyro.sample("z", dist.Normal(0, 1))
        batch = numpyro.deterministic("batch", mu + sigma_batch * z)
        with numpyro.plate("preparations", grams.shape[1], dim=-1):
            numpyro.sample("grams", dist.Normal(batch, sigma), obs=grams)


arguments = (grams,)
keywords = {}
SITE = "batch"
COMPARED = ("mu", "sigma_batch", "sigma", "batch")
centred = model


def kappa(at):
    information = np.full(6, 5 / at["sigma"] ** 2)
    return information / (information + 1 / at["sigma_batch"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), grams)
    mcmc.print_summary()
