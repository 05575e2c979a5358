"""Heart rate against power of fifteen cyclists: clear slopes of each, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(211)
rider = np.repeat(np.arange(15), 40)
power = rng.normal(size=600)
rest, slope = rng.normal(0, 0.8, size=15), rng.normal(1.5, 0.5, size=15)
pulse = rest[rider] + slope[rider] * power + rng.standard_t(5, size=600)


def model(rider, power, pulse=None):
    trend = numpyro.sample("trend", dist.Normal(0, 2))
    spread = numpyro.sample("spread", dist.HalfNormal(1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("riders", 15):
        intercept = numpyro.sample("intercept", dist.Normal(0, spread))
        z = numpyro.sample("z", dist.Normal(0, 1))
        slope = numpyro.deterministic("slope", trend + tau * z)
    with numpyro.plate("minutes", len(rider)):
        mean = intercept[rider] + slope[rider] * power
        numpyro.sample("pulse", dist.StudentT(5, mean, sigma), obs=pulse)


def centred(rider, power, pulse=None):
    trend = numpyro.sample("trend", dist.Normal(0, 2))
    spread = numpyro.sample("spread", dist.HalfNormal(1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("riders", 15):
        intercept = numpyro.sample("intercept", dist.Normal(0, spread))
        slope = numpyro.sample("slope", dist.Normal(trend, tau))
    with numpyro.plate("minutes", len(rider)):
        mean = intercept[rider] + slope[rider] * power
        numpyro.sample("pulse", dist.StudentT(5, mean, sigma), obs=pulse)


arguments = (rider, power)
keywords = {"pulse": pulse}
SITE = "slope"
COMPARED = ("trend", "spread", "tau", "sigma", "intercept", "slope")
decentred = model


def kappa(at):
    # A Student's t of 5 tells 6/8 of a Normal.
    information = 0.75 * np.bincount(rider, power**2) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), rider, power, pulse=pulse)
    mcmc.print_summary()
