"""What is left of a pesticide in fourteen soils up to ninety days after it was sprayed."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(719)
days = np.array([1.0, 7.0, 14.0, 30.0, 60.0, 90.0])
true_rate = np.exp(rng.normal(-3.4, 0.4, size=(14, 1)))  # a day
left = np.exp(rng.normal(0.7 - true_rate * days, 0.2))  # milligrams a kilogram


def priors():
    log_start = numpyro.sample("log_start", dist.Normal(0.5, 0.5))
    mu = numpyro.sample("mu", dist.Normal(-3, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.Exponential(2))
    return log_start, mu, tau, sigma


def model(days, left=None):
    log_start, mu, tau, sigma = priors()
    with numpyro.plate("soils", 14, dim=-2):
        rate = numpyro.sample("rate", dist.LogNormal(mu, tau))
        with numpyro.plate("times", len(days), dim=-1):
            numpyro.sample("left", dist.LogNormal(log_start - rate * days, sigma), obs=left)


def decentred(days, left=None):
    log_start, mu, tau, sigma = priors()
    with numpyro.plate("soils", 14, dim=-2):
        z = numpyro.sample("z", dist.Normal(0, 1))
        rate = numpyro.deterministic("rate", jnp.exp(mu + tau * z))
        with numpyro.plate("times", len(days), dim=-1):
            numpyro.sample("left", dist.LogNormal(log_start - rate * days, sigma), obs=left)


arguments = (days,)
keywords = {"left": left}
SITE = "rate"
COMPARED = ("log_start", "mu", "tau", "sigma", "rate")
centred = model


def kappa(at):
    # Of a log rate.
    information = np.sum((at["rate"] * days) ** 2, axis=1) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), days, left=left)
    mcmc.print_summary()
