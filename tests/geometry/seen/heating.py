"""Gas that a house burns on two hundred days, by how cold it is: a spline whose weights walk."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS
from scipy.interpolate import BSpline

rng = np.random.default_rng(705)
outside = rng.normal(8, 7, size=200).clip(-9.9, 27.9)  # degrees Celsius
truth = 3.5 + 0.9 * np.logaddexp(0, (16 - outside) / 2)
gas = rng.normal(truth, 0.9)  # cubic metres a day
knots = np.concatenate([[-10.0] * 3, np.linspace(-10, 28, 12), [28.0] * 3])
basis = BSpline.design_matrix(outside, knots, 3).toarray()
WEIGHTS = basis.shape[1]


def model(basis, gas=None):
    start = numpyro.sample("start", dist.Normal(10, 5))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    weights = numpyro.sample("weights", dist.GaussianRandomWalk(tau, num_steps=WEIGHTS))
    with numpyro.plate("days", len(basis)):
        numpyro.sample("gas", dist.Normal(start + basis @ weights, sigma), obs=gas)


def decentred(basis, gas=None):
    start = numpyro.sample("start", dist.Normal(10, 5))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    steps = numpyro.sample("steps", dist.Normal(0, 1).expand([WEIGHTS]).to_event(1))
    weights = numpyro.deterministic("weights", tau * jnp.cumsum(steps))
    with numpyro.plate("days", len(basis)):
        numpyro.sample("gas", dist.Normal(start + basis @ weights, sigma), obs=gas)


arguments = (basis,)
keywords = {"gas": gas}
SITE = "weights"
COMPARED = ("start", "tau", "sigma", "weights")
centred = model


def kappa(at):
    # Of a weight, given the one before.
    information = np.sum(basis**2, axis=0) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), basis, gas=gas)
    mcmc.print_summary()
