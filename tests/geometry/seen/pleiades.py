"""How far eighty stars of the Pleiades are, by parallaxes of which some are better than others."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(620)
true_distance = np.exp(rng.normal(np.log(1.36), 0.03, size=80))  # hundreds of parsecs
error = np.exp(rng.uniform(np.log(0.1), np.log(0.4), size=80))  # thousandths of an arc second
parallax = rng.normal(10 / true_distance, error)


def model(error, parallax=None):
    centre = numpyro.sample("centre", dist.Normal(0.3, 0.2))
    depth = numpyro.sample("depth", dist.HalfCauchy(0.1))
    with numpyro.plate("stars", len(error)):
        distance = numpyro.sample("distance", dist.LogNormal(centre, depth))
        numpyro.sample("parallax", dist.Normal(10 / distance, error), obs=parallax)


def decentred(error, parallax=None):
    centre = numpyro.sample("centre", dist.Normal(0.3, 0.2))
    depth = numpyro.sample("depth", dist.HalfCauchy(0.1))
    with numpyro.plate("stars", len(error)):
        z = numpyro.sample("z", dist.Normal(0, 1))
        distance = numpyro.deterministic("distance", jnp.exp(centre + depth * z))
        numpyro.sample("parallax", dist.Normal(10 / distance, error), obs=parallax)


arguments = (error,)
keywords = {"parallax": parallax}
SITE = "distance"
COMPARED = ("centre", "depth", "distance")
centred = model


def kappa(at):
    # Of a log distance.
    information = (10 / at["distance"] / error) ** 2
    return information / (information + 1 / at["depth"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, parallax=parallax)
    mcmc.print_summary()
