"""A rate of unemployment by a small survey each quarter: an AR(1), decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(112)
state = np.zeros(60)
for quarter in range(1, 60):
    state[quarter] = 0.8 * state[quarter - 1] + 0.3 * rng.normal()
error = rng.uniform(0.6, 1.0, size=60)
survey = rng.normal(6 + state, error)


def model(error, survey):
    phi = numpyro.sample("phi", dist.Uniform(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    mean = numpyro.sample("mean", dist.Normal(5, 3))

    def quarter(previous, now):
        error, survey = now
        z = numpyro.sample("z", dist.Normal(0, 1))
        state = numpyro.deterministic("state", phi * previous + tau * z)
        numpyro.sample("survey", dist.Normal(mean + state, error), obs=survey)
        return state, None

    scan(quarter, 0.0, (error, survey))


def centred(error, survey):
    phi = numpyro.sample("phi", dist.Uniform(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    mean = numpyro.sample("mean", dist.Normal(5, 3))

    def quarter(previous, now):
        error, survey = now
        state = numpyro.sample("state", dist.Normal(phi * previous, tau))
        numpyro.sample("survey", dist.Normal(mean + state, error), obs=survey)
        return state, None

    scan(quarter, 0.0, (error, survey))


arguments = (error, survey)
keywords = {}
SITE = "state"
COMPARED = ("phi", "tau", "mean", "state")
decentred = model


def kappa(at):
    # Of a state, given the one before.
    return 1 / error**2 / (1 / error**2 + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), error, survey)
    mcmc.print_summary()
