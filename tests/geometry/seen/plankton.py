"""The log chlorophyll of a bay in sixty weeks: an AR(1) under errors of sampling."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(808)
log_biomass = np.empty(60)
last = 0.8
for week in range(60):
    last = log_biomass[week] = 0.8 + 0.75 * (last - 0.8) + 0.35 * rng.normal()
log_chlorophyll = rng.normal(log_biomass, 0.25)


def priors():
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    phi = numpyro.sample("phi", dist.Uniform(0, 1))
    sd_process = numpyro.sample("sd_process", dist.HalfNormal(0.5))
    sd_sampling = numpyro.sample("sd_sampling", dist.HalfNormal(0.5))
    return mu, phi, sd_process, sd_sampling


def model(log_chlorophyll):
    mu, phi, sd_process, sd_sampling = priors()

    def week(last, sampled):
        state = numpyro.sample("state", dist.Normal(mu + phi * (last - mu), sd_process))
        numpyro.sample("log_chlorophyll", dist.Normal(state, sd_sampling), obs=sampled)
        return state, None

    scan(week, mu, log_chlorophyll)


def decentred(log_chlorophyll):
    mu, phi, sd_process, sd_sampling = priors()

    def week(last, sampled):
        shock = numpyro.sample("shock", dist.Normal(0, 1))
        state = numpyro.deterministic("state", mu + phi * (last - mu) + sd_process * shock)
        numpyro.sample("log_chlorophyll", dist.Normal(state, sd_sampling), obs=sampled)
        return state, None

    scan(week, mu, log_chlorophyll)


arguments = (log_chlorophyll,)
keywords = {}
SITE = "state"
COMPARED = ("mu", "phi", "sd_process", "sd_sampling", "state")
centred = model


def kappa(at):
    # Of a state, given the one before.
    information = np.full(60, 1 / at["sd_sampling"] ** 2)
    return information / (information + 1 / at["sd_process"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), log_chlorophyll)
    mcmc.print_summary()
