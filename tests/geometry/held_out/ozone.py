"""Ozone of eighty days as a cheap sensor reads it: what is in the air is autoregressive."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax, random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4108)
air = np.zeros(80)
for each in range(1, 80):
    air[each] = 0.8 * air[each - 1] + 6 * rng.normal()
ozone = 48 + air + 4 * rng.normal(size=80)


def model(ozone):
    mean = numpyro.sample("mean", dist.Normal(50, 20))
    phi = numpyro.sample("phi", dist.Beta(4, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(10))
    sigma = numpyro.sample("sigma", dist.HalfNormal(5))

    def day(last, _):
        now = numpyro.sample("air", dist.Normal(phi * last, tau))
        return now, now

    _, air = scan(day, 0.0, None, length=80)
    with numpyro.plate("days", 80):
        numpyro.sample("ozone", dist.Normal(mean + air, sigma), obs=ozone)


def decentred(ozone):
    mean = numpyro.sample("mean", dist.Normal(50, 20))
    phi = numpyro.sample("phi", dist.Beta(4, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(10))
    sigma = numpyro.sample("sigma", dist.HalfNormal(5))
    with numpyro.plate("shocks", 80):
        shock = numpyro.sample("shock", dist.Normal(0, 1))

    def day(last, new):
        now = phi * last + tau * new
        return now, now

    air = numpyro.deterministic("air", lax.scan(day, jnp.zeros(()), shock)[1])
    with numpyro.plate("days", 80):
        numpyro.sample("ozone", dist.Normal(mean + air, sigma), obs=ozone)


arguments = (ozone,)
keywords = {}
SITE = "air"
COMPARED = ("mean", "phi", "tau", "sigma", "air")
centred = model


def kappa(at):
    # Of a day and the shock that leads to it.
    information = np.full(80, 1 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), ozone)
    mcmc.print_summary()
