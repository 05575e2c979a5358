"""The depth of snow at 45 stakes of a slope, read twice: a Gaussian process, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(520)
place = rng.uniform(0, 1, size=(45, 2))  # kilometres
distance = np.linalg.norm(place[:, None] - place, axis=-1)
covariance = 0.3**2 * np.exp(-distance / 0.3)
truth = rng.multivariate_normal(np.full(45, 1.4), covariance)
reading = rng.normal(truth, 0.12, size=(2, 45))  # metres


def root(distance, sd, length):
    covariance = sd**2 * (jnp.exp(-distance / length) + 1e-4 * jnp.eye(len(distance)))
    return jnp.linalg.cholesky(covariance)


def model(distance, reading=None):
    mu = numpyro.sample("mu", dist.Normal(1, 1))
    sd = numpyro.sample("sd", dist.HalfNormal(0.5))
    length = numpyro.sample("length", dist.LogNormal(-1, 0.6))
    error = numpyro.sample("error", dist.HalfNormal(0.2))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([45]).to_event(1))
    depth = numpyro.deterministic("depth", mu + root(distance, sd, length) @ z)
    with numpyro.plate("stakes", 45, dim=-1), numpyro.plate("readings", 2, dim=-2):
        numpyro.sample("reading", dist.Normal(depth, error), obs=reading)


def centred(distance, reading=None):
    mu = numpyro.sample("mu", dist.Normal(1, 1))
    sd = numpyro.sample("sd", dist.HalfNormal(0.5))
    length = numpyro.sample("length", dist.LogNormal(-1, 0.6))
    error = numpyro.sample("error", dist.HalfNormal(0.2))
    prior = dist.MultivariateNormal(jnp.full(45, mu), scale_tril=root(distance, sd, length))
    depth = numpyro.sample("depth", prior)
    with numpyro.plate("stakes", 45, dim=-1), numpyro.plate("readings", 2, dim=-2):
        numpyro.sample("reading", dist.Normal(depth, error), obs=reading)


arguments = (distance,)
keywords = {"reading": reading}
SITE = "depth"
COMPARED = ("mu", "sd", "length", "error", "depth")
decentred = model


def kappa(at):
    # Of a stake, given all others.
    covariance = at["sd"] ** 2 * (np.exp(-distance / at["length"]) + 1e-4 * np.eye(45))
    information = 2 / at["error"] ** 2
    return information / (information + np.diag(np.linalg.inv(covariance)))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), distance, reading=reading)
    mcmc.print_summary()
