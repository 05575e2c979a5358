"""Admissions to a hospital on ninety days, some two dozen a day: an AR(1) in the log rate."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax, random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(619)
days = 90
weekend = (np.arange(days) % 7 >= 5).astype(float)
pressure = np.zeros(days)
for day in range(1, days):
    pressure[day] = 0.8 * pressure[day - 1] + 0.15 * rng.normal()
admitted = rng.poisson(np.exp(3.2 - 0.3 * weekend + pressure))


def priors():
    mu = numpyro.sample("mu", dist.Normal(3, 1))
    by_weekend = numpyro.sample("by_weekend", dist.Normal(0, 0.5))
    phi = numpyro.sample("phi", dist.Beta(8, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.3))
    return mu, by_weekend, phi, tau


def counts(log_rate, admitted):
    with numpyro.plate("days", days):
        numpyro.sample("admitted", dist.Poisson(jnp.exp(log_rate)), obs=admitted)


def model(weekend, admitted=None):
    mu, by_weekend, phi, tau = priors()

    def day(last, _):
        pressure = numpyro.sample("pressure", dist.Normal(phi * last, tau))
        return pressure, pressure

    _, pressure = scan(day, 0.0, None, length=days)
    counts(mu + by_weekend * weekend + pressure, admitted)


def decentred(weekend, admitted=None):
    mu, by_weekend, phi, tau = priors()
    z = numpyro.sample("z", dist.Normal(0, 1).expand([days]).to_event(1))
    _, pressure = lax.scan(lambda last, each: (phi * last + tau * each,) * 2, 0.0, z)
    numpyro.deterministic("pressure", pressure)
    counts(mu + by_weekend * weekend + pressure, admitted)


arguments = (weekend,)
keywords = {"admitted": admitted}
SITE = "pressure"
COMPARED = ("mu", "by_weekend", "phi", "tau", "pressure")
centred = model


def kappa(at):
    # Of a day, given the one before.
    information = np.exp(at["mu"] + at["by_weekend"] * weekend + at["pressure"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), weekend, admitted=admitted)
    mcmc.print_summary()
