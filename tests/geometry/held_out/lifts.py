"""Hours to repair a lift, by the eighteen technicians who did it."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4116)
repairs = rng.integers(3, 40, size=18)
technician = np.repeat(np.arange(18), repairs)
hours = rng.gamma(2.0, np.exp(rng.normal(0.9, 0.25, size=18))[technician] / 2.0)


def model(technician, hours=None):
    typical = numpyro.sample("typical", dist.Normal(1, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    shape = numpyro.sample("shape", dist.Exponential(0.5))
    with numpyro.plate("technicians", 18):
        mean = numpyro.sample("mean", dist.LogNormal(typical, tau))
    with numpyro.plate("repairs", len(technician)):
        numpyro.sample("hours", dist.Gamma(shape, shape / mean[technician]), obs=hours)


def decentred(technician, hours=None):
    typical = numpyro.sample("typical", dist.Normal(1, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    shape = numpyro.sample("shape", dist.Exponential(0.5))
    with numpyro.plate("technicians", 18):
        z = numpyro.sample("z", dist.Normal(0, 1))
    mean = numpyro.deterministic("mean", jnp.exp(typical + tau * z))
    with numpyro.plate("repairs", len(technician)):
        numpyro.sample("hours", dist.Gamma(shape, shape / mean[technician]), obs=hours)


arguments = (technician,)
keywords = {"hours": hours}
SITE = "mean"
COMPARED = ("typical", "tau", "shape", "mean")
centred = model


def kappa(at):
    # Of the logs of the means.
    information = repairs * at["shape"]
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), technician, hours=hours)
    mcmc.print_summary()
