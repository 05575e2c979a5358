"""Aphids on ninety bean plants, a third of them sprayed: a Poisson that is overdispersed."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(813)
sprayed = rng.permutation(np.repeat([1.0, 0.0], [30, 60]))
aphids = rng.poisson(np.exp(2.2 - 1.2 * sprayed + 0.9 * rng.normal(size=90)))


def model(sprayed, aphids=None):
    alpha = numpyro.sample("alpha", dist.Normal(1, 2))
    beta = numpyro.sample("beta", dist.Normal(0, 1))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    with numpyro.plate("plants", len(sprayed)):
        eps = numpyro.sample("eps", dist.Normal(0, sigma))
        mean = jnp.exp(alpha + beta * sprayed + eps)
        numpyro.sample("aphids", dist.Poisson(mean), obs=aphids)


def decentred(sprayed, aphids=None):
    alpha = numpyro.sample("alpha", dist.Normal(1, 2))
    beta = numpyro.sample("beta", dist.Normal(0, 1))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    with numpyro.plate("plants", len(sprayed)):
        eps_raw = numpyro.sample("eps_raw", dist.Normal())
        eps = numpyro.deterministic("eps", sigma * eps_raw)
        mean = jnp.exp(alpha + beta * sprayed + eps)
        numpyro.sample("aphids", dist.Poisson(mean), obs=aphids)


arguments = (sprayed,)
keywords = {"aphids": aphids}
SITE = "eps"
COMPARED = ("alpha", "beta", "sigma", "eps")
centred = model


def kappa(at):
    information = np.exp(at["alpha"] + at["beta"] * sprayed + at["eps"])
    return information / (information + 1 / at["sigma"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), sprayed, aphids=aphids)
    mcmc.print_summary()
