"""Spikes of twelve neurons in each of six rats, listened to for half a minute or so, decentred."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(604)
rat = np.repeat(np.arange(6), 12)
seconds = rng.uniform(20, 60, size=72)
true_rat = 1.0 + 0.4 * rng.normal(size=6)
spikes = rng.poisson(seconds * np.exp(true_rat[rat] + 0.9 * rng.normal(size=72)))


def rats():
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    sd_rat = numpyro.sample("sd_rat", dist.Exponential(1))
    sd_neuron = numpyro.sample("sd_neuron", dist.Exponential(1))
    with numpyro.plate("rats", 6):
        rat_effect = numpyro.sample("rat_effect", dist.Normal(0, sd_rat))
    return mu + rat_effect, sd_neuron


def model(rat, seconds, spikes=None):
    rat_mean, sd_neuron = rats()
    with numpyro.plate("neurons", len(rat)):
        z = numpyro.sample("z", dist.Normal(0, 1))
        log_rate = numpyro.deterministic("log_rate", rat_mean[rat] + sd_neuron * z)
        numpyro.sample("spikes", dist.Poisson(seconds * jnp.exp(log_rate)), obs=spikes)


def centred(rat, seconds, spikes=None):
    rat_mean, sd_neuron = rats()
    with numpyro.plate("neurons", len(rat)):
        log_rate = numpyro.sample("log_rate", dist.Normal(rat_mean[rat], sd_neuron))
        numpyro.sample("spikes", dist.Poisson(seconds * jnp.exp(log_rate)), obs=spikes)


arguments = (rat, seconds)
keywords = {"spikes": spikes}
SITE = "log_rate"
COMPARED = ("mu", "sd_rat", "sd_neuron", "rat_effect", "log_rate")
decentred = model


def kappa(at):
    information = seconds * np.exp(at["log_rate"])
    return information / (information + 1 / at["sd_neuron"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), rat, seconds, spikes=spikes)
    mcmc.print_summary()
