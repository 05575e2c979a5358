"""How long 24 readers take to name each of twenty words, rare or frequent, and how they differ."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(815)
reader, word = (each.ravel() for each in np.indices((24, 20)))
right = rng.random(len(reader)) < 0.85  # wrong names are left out
reader, word = reader[right], word[right]
frequency = rng.normal(size=20)
spread = np.array([0.15, 0.03])
truth = rng.multivariate_normal([0, -0.05], np.outer(spread, spread) * [[1, -0.3], [-0.3, 1]], 24)
mean = 6.3 + truth[reader, 0] + truth[reader, 1] * frequency[word]
milliseconds = np.exp(rng.normal(mean + 0.06 * rng.normal(size=20)[word], 0.2))


def priors():
    alpha = numpyro.sample("alpha", dist.Normal(6, 1))
    by_frequency = numpyro.sample("by_frequency", dist.Normal(0, 0.5))
    sd_reader = numpyro.sample("sd_reader", dist.Exponential(3).expand([2]).to_event(1))
    L_reader = numpyro.sample("L_reader", dist.LKJCholesky(2, concentration=2))
    sd_word = numpyro.sample("sd_word", dist.Exponential(3))
    sigma = numpyro.sample("sigma", dist.Exponential(3))
    with numpyro.plate("words", 20):
        of_word = numpyro.sample("of_word", dist.Normal(0, sd_word))
    return jnp.stack([alpha, by_frequency]), sd_reader[:, None] * L_reader, of_word, sigma


def names(reader, word, frequency, habit, of_word, sigma, milliseconds):
    with numpyro.plate("trials", len(reader)):
        mean = habit[reader, 0] + habit[reader, 1] * frequency[word] + of_word[word]
        numpyro.sample("milliseconds", dist.LogNormal(mean, sigma), obs=milliseconds)


def model(reader, word, frequency, milliseconds=None):
    loc, scale_tril, of_word, sigma = priors()
    with numpyro.plate("readers", 24):
        habit = numpyro.sample("habit", dist.MultivariateNormal(loc, scale_tril=scale_tril))
    names(reader, word, frequency, habit, of_word, sigma, milliseconds)


def decentred(reader, word, frequency, milliseconds=None):
    loc, scale_tril, of_word, sigma = priors()
    with numpyro.plate("readers", 24):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
    habit = numpyro.deterministic("habit", loc + z @ scale_tril.T)
    names(reader, word, frequency, habit, of_word, sigma, milliseconds)


arguments = (reader, word, frequency)
keywords = {"milliseconds": milliseconds}
SITE = "habit"
COMPARED = (
    "alpha",
    "by_frequency",
    "sd_reader",
    "L_reader",
    "sd_word",
    "sigma",
    "of_word",
    "habit",
)
centred = model


def kappa(at):
    # Of each direction alone, the words being known: the correlation is left out.
    told = [np.bincount(reader, frequency[word] ** each) for each in (0, 2)]
    information = np.stack(told, axis=1) / at["sigma"] ** 2
    return information / (information + 1 / at["sd_reader"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), reader, word, frequency, milliseconds=milliseconds)
    mcmc.print_summary()
