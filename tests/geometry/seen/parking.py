"""Cars in a car park at noon on 140 days: the days of the week differ, and sum to nought."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(410)
day = jnp.arange(140) % 7
true_effect = np.array([4.0, 12, 9, 14, 22, -8, -53])
trend = jnp.linspace(-1.0, 1.0, 140)
cars = jnp.asarray(
    310 + true_effect[np.asarray(day)] + 10 * np.asarray(trend) + 18 * rng.normal(size=140)
)


def model(day, trend, cars=None):
    level = numpyro.sample("level", dist.Normal(300, 50))
    slope = numpyro.sample("slope", dist.Normal(0, 20))
    sd_day = numpyro.sample("sd_day", dist.HalfNormal(30))
    sigma = numpyro.sample("sigma", dist.HalfNormal(30))
    effect = numpyro.sample("effect", dist.ZeroSumNormal(sd_day, event_shape=(7,)))
    with numpyro.plate("days", day.shape[0]):
        numpyro.sample("cars", dist.Normal(level + slope * trend + effect[day], sigma), obs=cars)


def decentred(day, trend, cars=None):
    level = numpyro.sample("level", dist.Normal(300, 50))
    slope = numpyro.sample("slope", dist.Normal(0, 20))
    sd_day = numpyro.sample("sd_day", dist.HalfNormal(30))
    sigma = numpyro.sample("sigma", dist.HalfNormal(30))
    unscaled = numpyro.sample("unscaled", dist.ZeroSumNormal(1.0, event_shape=(7,)))
    effect = numpyro.deterministic("effect", sd_day * unscaled)
    with numpyro.plate("days", day.shape[0]):
        numpyro.sample("cars", dist.Normal(level + slope * trend + effect[day], sigma), obs=cars)


arguments = (day, trend)
keywords = {"cars": cars}
SITE = "effect"
COMPARED = ("level", "slope", "sd_day", "sigma", "effect")
centred = model


def kappa(at):
    information = np.full(7, 20 / at["sigma"] ** 2)
    return information / (information + 1 / at["sd_day"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), day, trend, cars=cars)
    mcmc.print_summary()
