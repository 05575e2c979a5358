"""A key that names no site does nothing, and NumPyro says nothing.

This program contains two mistakes on purpose, both a name that is slightly off. `fixed_slope`
means to fix the site `growth` and leaves the model as it was; the prediction passes draws of
`growth_rate`, so that `growth` is drawn from its prior. Both run to the end.
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import Predictive

DAYS = jnp.arange(10.0)


def seedling(days, height=None):
    start = numpyro.sample("start", dist.HalfNormal(2.0))
    growth = numpyro.sample("growth", dist.HalfNormal(1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(0.5))
    with numpyro.plate("days", days.shape[0]):
        numpyro.sample("height", dist.Normal(start + growth * days, noise), obs=height)


# The mistake: the site is called "growth".
fixed_slope = handlers.condition(seedling, data={"grow": 0.4})


def main():
    trace = handlers.trace(handlers.seed(fixed_slope, jax.random.key(0))).get_trace(DAYS)
    print("growth, meant to be 0.4:", trace["growth"]["value"])
    print("observed:", trace["growth"]["is_observed"])

    # The mistake: "growth_rate" for "growth".
    draws = {"start": jnp.full(100, 1.0), "growth_rate": jnp.full(100, 0.4)}
    heights = Predictive(seedling, posterior_samples=draws)(jax.random.key(1), DAYS)["height"]
    print("spread on the last day, meant to be small:", heights[:, -1].std())


if __name__ == "__main__":
    main()
