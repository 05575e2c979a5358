"""Approval of a president in a poll of about a thousand each week of a year: a random walk."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(313)
asked = rng.integers(800, 1301, size=52)
logit = 0.2 + np.cumsum(0.05 * rng.normal(size=52))
approve = rng.binomial(asked, 1 / (1 + np.exp(-logit)))


def model(asked, approve=None):
    start = numpyro.sample("start", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.2))
    walk = numpyro.sample("walk", dist.GaussianRandomWalk(tau, num_steps=52))
    with numpyro.plate("weeks", 52):
        numpyro.sample("approve", dist.Binomial(asked, logits=start + walk), obs=approve)


def decentred(asked, approve=None):
    start = numpyro.sample("start", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(0.2))
    step = numpyro.sample("step", dist.Normal(0, 1).expand([52]).to_event(1))
    walk = numpyro.deterministic("walk", tau * jnp.cumsum(step))
    with numpyro.plate("weeks", 52):
        numpyro.sample("approve", dist.Binomial(asked, logits=start + walk), obs=approve)


arguments = (asked,)
keywords = {"approve": approve}
SITE = "walk"
COMPARED = ("start", "tau", "walk")
centred = model


def kappa(at):
    # Of a level, given the one before.
    share = 1 / (1 + np.exp(-(at["start"] + at["walk"])))
    information = asked * share * (1 - share)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), asked, approve=approve)
    mcmc.print_summary()
