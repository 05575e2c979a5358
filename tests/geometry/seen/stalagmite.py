"""Oxygen isotopes at 36 depths of a stalagmite: a Gaussian process along it."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(706)
depth = np.sort(rng.uniform(0, 60, size=36))  # centimetres
apart = np.abs(depth[:, None] - depth)
covariance = 0.5**2 * (1 + apart / 4) * np.exp(-apart / 4)
truth = rng.multivariate_normal(np.full(36, -6.2), covariance)
isotope = rng.normal(truth, 0.15)  # per mille


def priors():
    mu = numpyro.sample("mu", dist.Normal(-6, 1))
    sd = numpyro.sample("sd", dist.HalfNormal(1))
    length = numpyro.sample("length", dist.InverseGamma(4, 15))
    error = numpyro.sample("error", dist.HalfNormal(0.3))
    return mu, sd, length, error


def root(apart, sd, length):
    # Matern, once differentiable.
    correlation = (1 + apart / length) * jnp.exp(-apart / length)
    return sd * jnp.linalg.cholesky(correlation + 1e-3 * jnp.eye(len(apart)))


def model(apart, isotope=None):
    mu, sd, length, error = priors()
    prior = dist.MultivariateNormal(jnp.full(36, mu), scale_tril=root(apart, sd, length))
    curve = numpyro.sample("curve", prior)
    with numpyro.plate("depths", 36):
        numpyro.sample("isotope", dist.Normal(curve, error), obs=isotope)


def decentred(apart, isotope=None):
    mu, sd, length, error = priors()
    with numpyro.plate("points", 36):
        z = numpyro.sample("z", dist.Normal(0, 1))
    curve = numpyro.deterministic("curve", mu + root(apart, sd, length) @ z)
    with numpyro.plate("depths", 36):
        numpyro.sample("isotope", dist.Normal(curve, error), obs=isotope)


arguments = (apart,)
keywords = {"isotope": isotope}
SITE = "curve"
COMPARED = ("mu", "sd", "length", "error", "curve")
centred = model


def kappa(at):
    # Of a depth, given all others.
    correlation = (1 + apart / at["length"]) * np.exp(-apart / at["length"]) + 1e-3 * np.eye(36)
    information = 1 / at["error"] ** 2
    return information / (information + np.diag(np.linalg.inv(correlation)) / at["sd"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), apart, isotope=isotope)
    mcmc.print_summary()
