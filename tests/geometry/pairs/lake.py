"""Deviations of a lake's temperature, read each day with a small known error: an AR(1)."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(122)
ERROR = 0.2
state = np.zeros(70)
for day in range(1, 70):
    state[day] = 0.7 * state[day - 1] + rng.normal()
reading = rng.normal(state, ERROR)


def model(reading):
    phi = numpyro.sample("phi", dist.Uniform(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(2))

    def day(previous, reading):
        state = numpyro.sample("state", dist.Normal(phi * previous, tau))
        numpyro.sample("reading", dist.Normal(state, ERROR), obs=reading)
        return state, None

    scan(day, 0.0, reading)


def decentred(reading):
    phi = numpyro.sample("phi", dist.Uniform(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(2))

    def day(previous, reading):
        z = numpyro.sample("z", dist.Normal(0, 1))
        state = numpyro.deterministic("state", phi * previous + tau * z)
        numpyro.sample("reading", dist.Normal(state, ERROR), obs=reading)
        return state, None

    scan(day, 0.0, reading)


arguments = (reading,)
keywords = {}
SITE = "state"
COMPARED = ("phi", "tau", "state")
centred = model


def kappa(at):
    # Of a state, given the one before.
    information = np.full(70, 1 / ERROR**2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), reading)
    mcmc.print_summary()
