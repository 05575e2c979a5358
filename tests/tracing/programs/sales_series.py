"""Weekly sales of stores: a table with dates, reshaped."""

import jax
import jax.numpy as jnp
import pandas as pd

import numpyro
import numpyro.distributions as dist
from numpyro.infer import SVI, Predictive, Trace_ELBO
from numpyro.infer.autoguide import AutoDelta
from numpyro.optim import Adam

DATA_DIR = "data"


def load_sales():
    frame = pd.read_csv(f"{DATA_DIR}/sales.csv", parse_dates=["date"])
    wide = frame.pivot_table(index="date", columns="store", values="sales")
    wide = wide.rolling(2, min_periods=1).mean()
    return wide, wide.columns.tolist()


def fourier(t, period, order):
    angles = 2 * jnp.pi * jnp.arange(1, order + 1) * t[:, None] / period
    return jnp.concatenate([jnp.sin(angles), jnp.cos(angles)], axis=-1)


def regression(features, stores, sales=None, future=0):
    n, k = features.shape
    with numpyro.plate("stores", len(stores)):
        level = numpyro.sample("level", dist.Normal(100.0, 20.0))
        weights = numpyro.sample("weights", dist.Normal(jnp.zeros(k), 5.0).to_event(1))
        noise = numpyro.sample("noise", dist.HalfNormal(5.0))
        mean = level + features @ weights.T
        with numpyro.plate("weeks", n, dim=-2):
            numpyro.sample("sales", dist.Normal(mean, noise), obs=sales)


wide, stores = load_sales()
features = fourier(jnp.arange(len(wide)), 13.0, 3)
guide = AutoDelta(regression)
svi = SVI(regression, guide, Adam(0.05), Trace_ELBO())
result = svi.run(jax.random.PRNGKey(0), 2000, features, stores, sales=jnp.asarray(wide.values))
horizon = fourier(jnp.arange(len(wide), len(wide) + 8), 13.0, 3)
forecast = Predictive(regression, guide=guide, params=result.params, num_samples=100)(
    jax.random.PRNGKey(1), horizon, stores
)
ax = wide.plot(figsize=(10, 4))
ax.get_figure().savefig("forecast.png")
