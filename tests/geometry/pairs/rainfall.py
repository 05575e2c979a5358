"""Rain on the wet days of a season at eighteen gauges, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(312)
wet = rng.integers(20, 61, size=18)
gauge = np.repeat(np.arange(18), wet)
altitude = rng.uniform(-1, 1, size=18)
log_mean = 1.9 + 0.3 * altitude + 0.25 * rng.normal(size=18)
rain = rng.gamma(0.8, np.exp(log_mean[gauge]) / 0.8)


def model(gauge, altitude, rain=None):
    mu = numpyro.sample("mu", dist.Normal(2, 1))
    slope = numpyro.sample("slope", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    shape = numpyro.sample("shape", dist.LogNormal(0, 0.5))
    with numpyro.plate("gauges", len(altitude)):
        offset = numpyro.sample("offset", dist.Normal(0, 1))
        log_mean = numpyro.deterministic("log_mean", mu + slope * altitude + offset * tau)
    with numpyro.plate("days", len(gauge)):
        numpyro.sample("rain", dist.Gamma(shape, shape / jnp.exp(log_mean[gauge])), obs=rain)


def centred(gauge, altitude, rain=None):
    mu = numpyro.sample("mu", dist.Normal(2, 1))
    slope = numpyro.sample("slope", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    shape = numpyro.sample("shape", dist.LogNormal(0, 0.5))
    with numpyro.plate("gauges", len(altitude)):
        log_mean = numpyro.sample("log_mean", dist.Normal(mu + slope * altitude, tau))
    with numpyro.plate("days", len(gauge)):
        numpyro.sample("rain", dist.Gamma(shape, shape / jnp.exp(log_mean[gauge])), obs=rain)


arguments = (gauge, altitude)
keywords = {"rain": rain}
SITE = "log_mean"
COMPARED = ("mu", "slope", "tau", "shape", "log_mean")
decentred = model


def kappa(at):
    information = wet * at["shape"]
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), gauge, altitude, rain=rain)
    mcmc.print_summary()
