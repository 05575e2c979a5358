"""Potholes of 150 roads in two springs, by length and traffic: overdispersed, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(703)
length = rng.uniform(0.3, 3.0, size=150)  # kilometres
traffic = rng.normal(size=150)
usual = length * np.exp(0.8 + 0.3 * traffic + 0.5 * rng.normal(size=150))
potholes = rng.poisson(usual * rng.gamma(3.0, 1 / 3.0, size=(2, 150)))


def priors():
    alpha = numpyro.sample("alpha", dist.Normal(0, 2))
    by_traffic = numpyro.sample("by_traffic", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.Exponential(1))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.5))
    return alpha, by_traffic, tau, concentration


def counts(length, wear, concentration, potholes):
    with numpyro.plate("springs", 2, dim=-2):
        mean = length * jnp.exp(wear)
        numpyro.sample("potholes", dist.NegativeBinomial2(mean, concentration), obs=potholes)


def model(length, traffic, potholes=None):
    alpha, by_traffic, tau, concentration = priors()
    with numpyro.plate("roads", len(length), dim=-1):
        z = numpyro.sample("z", dist.Normal(0, 1))
        wear = numpyro.deterministic("wear", alpha + by_traffic * traffic + tau * z)
        counts(length, wear, concentration, potholes)


def centred(length, traffic, potholes=None):
    alpha, by_traffic, tau, concentration = priors()
    with numpyro.plate("roads", len(length), dim=-1):
        wear = numpyro.sample("wear", dist.Normal(alpha + by_traffic * traffic, tau))
        counts(length, wear, concentration, potholes)


arguments = (length, traffic)
keywords = {"potholes": potholes}
SITE = "wear"
COMPARED = ("alpha", "by_traffic", "tau", "concentration", "wear")
decentred = model


def kappa(at):
    mean = length * np.exp(at["wear"])
    information = 2 * mean / (1 + mean / at["concentration"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), length, traffic, potholes=potholes)
    mcmc.print_summary()
