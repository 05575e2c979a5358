"""Models that another script runs."""

import jax.numpy as jnp

import numpyro
import numpyro.distributions as dist


def exponential_decay(t, y=None):
    rate = numpyro.sample("rate", dist.HalfNormal(1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    with numpyro.plate("t", t.shape[0]):
        numpyro.sample("y", dist.Normal(jnp.exp(-rate * t), noise), obs=y)


def damped_oscillation(t, y=None):
    rate = numpyro.sample("rate", dist.HalfNormal(1.0))
    frequency = numpyro.sample("frequency", dist.LogNormal(0.0, 1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    with numpyro.plate("t", t.shape[0]):
        mean = jnp.exp(-rate * t) * jnp.cos(frequency * t)
        numpyro.sample("y", dist.Normal(mean, noise), obs=y)
