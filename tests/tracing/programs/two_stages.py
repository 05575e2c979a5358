"""The second model takes the posterior of the first."""

import jax
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(5)
calibration = rng.normal(3.0, 0.2, size=15)
field = rng.normal(2.5, 0.4, size=25)


def stage_one(y):
    gain = numpyro.sample("gain", dist.LogNormal(1.0, 0.5))
    numpyro.sample("y", dist.Normal(gain, 0.2), obs=y)


def stage_two(gain_mean, gain_sd, y):
    gain = numpyro.sample("gain", dist.Normal(gain_mean, gain_sd))
    signal = numpyro.sample("signal", dist.HalfNormal(2.0))
    numpyro.sample("y", dist.Normal(signal * gain, 0.4), obs=y)


def sample(model, *args, seed=0):
    mcmc = MCMC(NUTS(model), num_warmup=300, num_samples=300)
    mcmc.run(jax.random.key(seed), *args)
    return mcmc.get_samples()


first = sample(stage_one, jnp.asarray(calibration))
second = sample(stage_two, first["gain"].mean(), first["gain"].std(), jnp.asarray(field), seed=1)
print(second["signal"].mean())
