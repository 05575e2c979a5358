"""Prior predictive checks, nothing else."""

import jax.numpy as jnp
import matplotlib.pyplot as plt
from jax import random

import numpyro
import numpyro.distributions as dist
from numpyro.infer import Predictive


def growth(weeks, n_plants, height=None):
    rate = numpyro.sample("rate", dist.LogNormal(-1.0, 0.3))
    capacity = numpyro.sample("capacity", dist.Normal(30.0, 5.0))
    sigma = numpyro.sample("sigma", dist.Exponential(1.0))
    with numpyro.plate("plants", n_plants, dim=-2):
        start = numpyro.sample("start", dist.LogNormal(0.0, 0.5))
        with numpyro.plate("weeks", len(weeks), dim=-1):
            mean = capacity / (1 + jnp.exp(-rate * weeks) * (capacity / start - 1))
            numpyro.sample("height", dist.Normal(mean, sigma), obs=height)


weeks = jnp.arange(20.0)
prior_predictive = Predictive(growth, num_samples=200)
draws = prior_predictive(random.key(0), weeks, n_plants=5)

fig, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
for ax, plant in zip(axes, (0, 1)):
    ax.plot(weeks, draws["height"][:50, plant].T, color="C0", alpha=0.2)
    ax.set_xlabel("week")
plt.tight_layout()
plt.savefig("prior.png")
