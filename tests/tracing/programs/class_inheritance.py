"""Forecasters: what runs them is in the base class, each model in a class of its own."""

from abc import ABC, abstractmethod

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd

import numpyro
import numpyro.distributions as dist
from numpyro.contrib.control_flow import scan
from numpyro.infer import SVI, Trace_ELBO
from numpyro.infer.autoguide import AutoNormal


class Forecaster(ABC):
    def __init__(self, horizon=4):
        self.horizon = horizon
        self.params = None

    @abstractmethod
    def model(self, y, promo):
        ...

    def prepare(self, frame):
        self.mean, self.sd = frame["sales"].mean(), frame["sales"].std()
        return jnp.asarray((frame["sales"] - self.mean) / self.sd), jnp.asarray(frame["promo"])

    def fit(self, frame, steps=1000):
        y, promo = self.prepare(frame)
        self.guide = AutoNormal(self.model)
        svi = SVI(self.model, self.guide, numpyro.optim.Adam(0.01), Trace_ELBO())
        result = svi.run(jax.random.key(1), steps, y, promo)
        self.params = result.params
        return self


class LocalLevel(Forecaster):
    def model(self, y, promo):
        drift = numpyro.sample("drift", dist.HalfNormal(0.2))
        effect = numpyro.sample("effect", dist.Normal(0.0, 1.0))
        noise = numpyro.sample("noise", dist.HalfNormal(1.0))

        def step(level, inputs):
            observed, p = inputs
            level = numpyro.sample("level", dist.Normal(level, drift))
            numpyro.sample("y", dist.Normal(level + effect * p, noise), obs=observed)
            return level, None

        scan(step, 0.0, (y, promo))


class Seasonal(Forecaster):
    def __init__(self, period=12, **kwargs):
        super().__init__(**kwargs)
        self.period = period

    def model(self, y, promo):
        effect = numpyro.sample("effect", dist.Normal(0.0, 1.0))
        noise = numpyro.sample("noise", dist.HalfNormal(1.0))
        with numpyro.plate("season", self.period):
            season = numpyro.sample("seasonal", dist.Normal(0.0, 1.0))
        when = jnp.arange(y.shape[0]) % self.period
        with numpyro.plate("time", y.shape[0]):
            numpyro.sample("y", dist.Normal(season[when] + effect * promo, noise), obs=y)


if __name__ == "__main__":
    sales = pd.read_csv("data/sales.csv", parse_dates=["date"])
    north = sales[sales["store"] == "north"].set_index("date").sort_index()
    level = LocalLevel(horizon=8).fit(north)
    seasonal = Seasonal(period=8)
    seasonal.fit(north, steps=2000)
