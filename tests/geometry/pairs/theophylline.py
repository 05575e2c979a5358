"""Theophylline in the blood of twelve people at ten times after a dose: how each clears it."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(319)
dose = rng.uniform(3.5, 5.5, size=12)
hours = np.array([0.25, 0.5, 1.0, 2.0, 3.5, 5.0, 7.0, 9.0, 12.0, 24.0])
clearance = np.exp(rng.normal(-3.2, 0.25, size=12))
absorption = np.exp(rng.normal(0.4, 0.6, size=12))


def one_compartment(dose, hours, clearance, absorption, volume):
    enters, leaves = absorption[:, None], clearance[:, None] / volume
    left = jnp.exp(-leaves * hours) - jnp.exp(-enters * hours)
    return dose[:, None] / volume * enters / (enters - leaves) * left


expected = np.asarray(one_compartment(dose, hours, clearance, absorption, 0.45))
concentration = rng.normal(expected, 0.6)


def model(dose, hours, concentration=None):
    volume = numpyro.sample("volume", dist.LogNormal(-0.7, 0.3))
    mu = numpyro.sample("mu", dist.Normal(jnp.array([-3.0, 0.5]), 0.5).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5).expand([2]).to_event(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("subjects", 12):
        clearance = numpyro.sample("clearance", dist.LogNormal(mu[0], tau[0]))
        absorption = numpyro.sample("absorption", dist.LogNormal(mu[1], tau[1]))
    mean = one_compartment(dose, hours, clearance, absorption, volume)
    numpyro.sample("concentration", dist.Normal(mean, sigma).to_event(2), obs=concentration)


def decentred(dose, hours, concentration=None):
    volume = numpyro.sample("volume", dist.LogNormal(-0.7, 0.3))
    mu = numpyro.sample("mu", dist.Normal(jnp.array([-3.0, 0.5]), 0.5).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5).expand([2]).to_event(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("subjects", 12):
        z = numpyro.sample("z", dist.Normal(0, 1))
        clearance = numpyro.deterministic("clearance", jnp.exp(mu[0] + tau[0] * z))
        absorption = numpyro.sample("absorption", dist.LogNormal(mu[1], tau[1]))
    mean = one_compartment(dose, hours, clearance, absorption, volume)
    numpyro.sample("concentration", dist.Normal(mean, sigma).to_event(2), obs=concentration)


arguments = (dose, hours)
keywords = {"concentration": concentration}
SITE = "clearance"
COMPARED = ("volume", "mu", "tau", "sigma", "clearance", "absorption")
centred = model


def kappa(at):
    # Of a log clearance, all else being known: by differences of the curve.
    more = dose, hours, at["clearance"] * np.exp(0.01), at["absorption"], at["volume"]
    less = dose, hours, at["clearance"] * np.exp(-0.01), at["absorption"], at["volume"]
    slope = (np.asarray(one_compartment(*more)) - np.asarray(one_compartment(*less))) / 0.02
    information = np.sum(slope**2, axis=1) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"][0] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), dose, hours, concentration=concentration)
    mcmc.print_summary()
