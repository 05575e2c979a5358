"""Priors that several models share."""

import numpyro
import numpyro.distributions as dist

WEAK = {"loc": 0.0, "scale": 10.0}
PRIORS = {"alpha": dist.Normal(0.0, 1.0), "beta": dist.HalfNormal(1.0)}
NAMES = ["north", "south"]


def normal(name, scale=1.0):
    return numpyro.sample(name, dist.Normal(0.0, scale))


def linear(prefix, x):
    return normal(f"{prefix}_intercept") + normal(f"{prefix}_slope", 2.0) * x


def from_table(table=PRIORS):
    return {name: numpyro.sample(name, prior) for name, prior in table.items()}


def make_effect(stem):
    def effect():
        with numpyro.plate(f"{stem}_plate", 3):
            return numpyro.sample(stem, dist.Normal(0.0, 1.0))

    return effect


weak = dist.Normal(**WEAK)
