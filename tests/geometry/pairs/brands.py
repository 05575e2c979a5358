"""How ten brands are liked by eight people each: effects sum to nought, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(120)
brand = np.repeat(np.arange(10), 8)
appeal = 0.5 * rng.normal(size=10)
liking = rng.normal(5 + (appeal - appeal.mean())[brand], 2.0)


def model(brand, liking=None):
    overall = numpyro.sample("overall", dist.Normal(5, 3))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(3))
    z = numpyro.sample("z", dist.ZeroSumNormal(1.0, event_shape=(10,)))
    appeal = numpyro.deterministic("appeal", tau * z)
    with numpyro.plate("panel", len(brand)):
        numpyro.sample("liking", dist.Normal(overall + appeal[brand], sigma), obs=liking)


def centred(brand, liking=None):
    overall = numpyro.sample("overall", dist.Normal(5, 3))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(3))
    appeal = numpyro.sample("appeal", dist.ZeroSumNormal(tau, event_shape=(10,)))
    with numpyro.plate("panel", len(brand)):
        numpyro.sample("liking", dist.Normal(overall + appeal[brand], sigma), obs=liking)


arguments = (brand,)
keywords = {"liking": liking}
SITE = "appeal"
COMPARED = ("overall", "tau", "sigma", "appeal")
decentred = model


def kappa(at):
    information = np.bincount(brand) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), brand, liking=liking)
    mcmc.print_summary()
