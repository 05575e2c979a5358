"""Log pollen of birches on 110 days, and the heat: an AR(1) under a trap that errs at times."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax, random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(717)
heat = np.convolve(rng.normal(size=114), np.ones(5) / 5**0.5, mode="valid")
bloom = np.zeros(110)
for day in range(1, 110):
    bloom[day] = 0.85 * bloom[day - 1] + 0.4 * rng.normal()
log_pollen = 3.0 + 0.3 * heat + bloom + 0.3 * rng.standard_t(5, size=110)


def priors():
    mu = numpyro.sample("mu", dist.Normal(3, 1))
    by_heat = numpyro.sample("by_heat", dist.Normal(0, 1))
    phi = numpyro.sample("phi", dist.Beta(6, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    return mu, by_heat, phi, tau, sigma


def readings(mean, sigma, log_pollen):
    with numpyro.plate("days", len(mean)):
        numpyro.sample("log_pollen", dist.StudentT(5, mean, sigma), obs=log_pollen)


def model(heat, log_pollen=None):
    mu, by_heat, phi, tau, sigma = priors()

    def day(last, _):
        bloom = numpyro.sample("bloom", dist.Normal(phi * last, tau))
        return bloom, bloom

    _, bloom = scan(day, 0.0, None, length=len(heat))
    readings(mu + by_heat * heat + bloom, sigma, log_pollen)


def decentred(heat, log_pollen=None):
    mu, by_heat, phi, tau, sigma = priors()
    with numpyro.plate("shocks", len(heat)):
        z = numpyro.sample("z", dist.Normal(0, 1))
    _, bloom = lax.scan(lambda last, each: (phi * last + tau * each,) * 2, 0.0, z)
    numpyro.deterministic("bloom", bloom)
    readings(mu + by_heat * heat + bloom, sigma, log_pollen)


arguments = (heat,)
keywords = {"log_pollen": log_pollen}
SITE = "bloom"
COMPARED = ("mu", "by_heat", "phi", "tau", "sigma", "bloom")
centred = model


def kappa(at):
    # Of a day, given the one before; a Student's t of 5 tells 6/8 of a Normal.
    information = np.full(110, 0.75 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), heat, log_pollen=log_pollen)
    mcmc.print_summary()
