"""Breath of 110 miners and the dust they breathe in, which a badly kept meter read twice."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(412)
true_exposure = rng.normal(1.2, 0.6, size=110)
readings = rng.normal(true_exposure, 0.5, size=(2, 110))
age = rng.uniform(25, 60, size=110)
fev1 = rng.normal(4.6 - 0.02 * (age - 40) - 0.35 * true_exposure, 0.4)


def model(readings, age, fev1=None):
    # The exposure.
    mu_x = numpyro.sample("mu_x", dist.Normal(0, 3))
    tau_x = numpyro.sample("tau_x", dist.HalfNormal(1))
    meter = numpyro.sample("meter", dist.HalfNormal(1))
    with numpyro.plate("miners", age.shape[0], dim=-1):
        z_x = numpyro.sample("z_x", dist.Normal(0, 1))
        exposure = numpyro.deterministic("exposure", mu_x + tau_x * z_x)
        with numpyro.plate("times", readings.shape[0], dim=-2):
            numpyro.sample("reading", dist.Normal(exposure, meter), obs=readings)
    respond(exposure, age, fev1)


def centred(readings, age, fev1=None):
    mu_x = numpyro.sample("mu_x", dist.Normal(0, 3))
    tau_x = numpyro.sample("tau_x", dist.HalfNormal(1))
    meter = numpyro.sample("meter", dist.HalfNormal(1))
    with numpyro.plate("miners", age.shape[0], dim=-1):
        exposure = numpyro.sample("exposure", dist.Normal(mu_x, tau_x))
        with numpyro.plate("times", readings.shape[0], dim=-2):
            numpyro.sample("reading", dist.Normal(exposure, meter), obs=readings)
    respond(exposure, age, fev1)


def respond(exposure, age, fev1):
    """The volume that is breathed out, given the true exposure."""
    alpha = numpyro.sample("alpha", dist.Normal(4, 2))
    by_age = numpyro.sample("by_age", dist.Normal(0, 0.1))
    by_dust = numpyro.sample("by_dust", dist.Normal(0, 1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    mean = alpha + by_age * (age - 40) + by_dust * exposure
    with numpyro.plate("spirometry", age.shape[0]):
        numpyro.sample("fev1", dist.Normal(mean, sigma), obs=fev1)


arguments = (readings, age)
keywords = {"fev1": fev1}
SITE = "exposure"
COMPARED = ("mu_x", "tau_x", "meter", "alpha", "by_age", "by_dust", "sigma", "exposure")
decentred = model


def kappa(at):
    information = 2 / at["meter"] ** 2 + (at["by_dust"] / at["sigma"]) ** 2
    return np.full(110, information / (information + 1 / at["tau_x"] ** 2))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), readings, age, fev1=fev1)
    mcmc.print_summary()
