"""How long eighteen speakers hold the vowels of 24 words: both differ, and are crossed."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(306)
speaker, word = np.repeat(np.arange(18), 24), np.tile(np.arange(24), 18)
mean = 4.8 + 0.12 * rng.normal(size=18)[speaker] + 0.2 * rng.normal(size=24)[word]
heard = rng.uniform(size=len(mean)) > 0.08
speaker, word, log_duration = speaker[heard], word[heard], rng.normal(mean[heard], 0.17)


def model(speaker, word, log_duration=None):
    grand = numpyro.sample("grand", dist.Normal(5, 1))
    tau_speaker = numpyro.sample("tau_speaker", dist.HalfNormal(0.5))
    tau_word = numpyro.sample("tau_word", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    with numpyro.plate("speakers", 18):
        by_speaker = numpyro.sample("by_speaker", dist.Normal(0, tau_speaker))
    with numpyro.plate("words", 24):
        by_word = numpyro.sample("by_word", dist.Normal(0, tau_word))
    with numpyro.plate("tokens", len(speaker)):
        mean = grand + by_speaker[speaker] + by_word[word]
        numpyro.sample("log_duration", dist.Normal(mean, sigma), obs=log_duration)


arguments = (speaker, word)
keywords = {"log_duration": log_duration}
SITE = "by_word"
COMPARED = ("grand", "tau_speaker", "tau_word", "sigma", "by_speaker", "by_word")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(word) / at["sigma"] ** 2
    return information / (information + 1 / at["tau_word"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), speaker, word, log_duration=log_duration)
    mcmc.print_summary()
