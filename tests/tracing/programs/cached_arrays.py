"""Arrays of a preprocessing step that is not under version control."""

import jax
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

spikes = np.load("cache/spikes.npz")["counts"]


def rates(spikes):
    with numpyro.plate("neurons", spikes.shape[0], dim=-2):
        rate = numpyro.sample("rate", dist.Gamma(1.0, 0.1))
        with numpyro.plate("bins", spikes.shape[1], dim=-1):
            numpyro.sample("spikes", dist.Poisson(rate), obs=spikes)


mcmc = MCMC(NUTS(rates), num_warmup=100, num_samples=100)
mcmc.run(jax.random.key(0), spikes)
