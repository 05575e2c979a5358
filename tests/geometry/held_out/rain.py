"""Whether it rained on each of ninety days: the log odds walk at random."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(209)
logit = -0.5 + np.cumsum(0.25 * rng.normal(size=90))
rained = rng.binomial(1, 1 / (1 + np.exp(-logit)))


def model(rained):
    start = numpyro.sample("start", dist.Normal(0, 1.5))
    tau = numpyro.sample("tau", dist.Exponential(3))
    wetness = numpyro.sample("wetness", dist.GaussianRandomWalk(tau, num_steps=90))
    with numpyro.plate("days", 90):
        numpyro.sample("rained", dist.Bernoulli(logits=start + wetness), obs=rained)


def decentred(rained):
    start = numpyro.sample("start", dist.Normal(0, 1.5))
    tau = numpyro.sample("tau", dist.Exponential(3))
    with numpyro.plate("steps", 90):
        z = numpyro.sample("z", dist.Normal(0, 1))
    wetness = numpyro.deterministic("wetness", jnp.cumsum(tau * z))
    with numpyro.plate("days", 90):
        numpyro.sample("rained", dist.Bernoulli(logits=start + wetness), obs=rained)


arguments = (rained,)
keywords = {}
SITE = "wetness"
COMPARED = ("start", "tau", "wetness")
centred = model


def kappa(at):
    # Of a level and the step that leads to it.
    share = 1 / (1 + np.exp(-(at["start"] + at["wetness"])))
    information = share * (1 - share)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), rained)
    mcmc.print_summary()
