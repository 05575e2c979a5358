"""On foot, by bus or by car: how 15 to 60 people in each of 32 towns get to the shops."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(614)
asked = rng.integers(15, 61, size=32)
town = np.repeat(np.arange(32), asked)
distance = rng.gamma(2.0, 0.5, size=len(town)) - 1.0  # kilometres, less one
true_town = rng.normal([-0.5, 0.4], [0.4, 0.5], size=(32, 2))
utility = np.zeros((len(town), 3))
utility[:, 1:] = true_town[town] + np.outer(distance, [0.8, 1.2])
chosen = np.argmax(utility + rng.gumbel(size=utility.shape), axis=1)


def priors():
    mu = numpyro.sample("mu", dist.Normal(0, 1.5).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(1).expand([2]).to_event(1))
    slope = numpyro.sample("slope", dist.Normal(0, 1).expand([2]).to_event(1))
    return mu, tau, slope


def choices(town, distance, taste, slope, chosen):
    with numpyro.plate("people", len(town)):
        utility = taste[town] + distance[:, None] * slope
        logits = jnp.concatenate([jnp.zeros((len(town), 1)), utility], axis=-1)
        numpyro.sample("chosen", dist.Categorical(logits=logits), obs=chosen)


def model(town, distance, chosen=None):
    mu, tau, slope = priors()
    with numpyro.plate("towns", 32):
        taste = numpyro.sample("taste", dist.Normal(mu, tau).to_event(1))
    choices(town, distance, taste, slope, chosen)


def decentred(town, distance, chosen=None):
    mu, tau, slope = priors()
    with numpyro.plate("towns", 32):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        taste = numpyro.deterministic("taste", mu + tau * z)
    choices(town, distance, taste, slope, chosen)


arguments = (town, distance)
keywords = {"chosen": chosen}
SITE = "taste"
COMPARED = ("mu", "tau", "slope", "taste")
centred = model


def kappa(at):
    # Of each of a town's two tastes alone, the other being known.
    odds = np.exp(at["taste"][town] + distance[:, None] * at["slope"])
    share = odds / (1 + odds.sum(axis=1, keepdims=True))
    told = share * (1 - share)
    information = np.stack([np.bincount(town, told[:, each]) for each in range(2)], axis=1)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), town, distance, chosen=chosen)
    mcmc.print_summary()
