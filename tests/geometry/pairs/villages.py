"""A hundred and fifty villages, three households of each."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(42)
village = np.repeat(np.arange(150), 3)
wealth = rng.normal(0.6 * rng.normal(size=150)[village], 1.0)


def model(village, wealth=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.Exponential(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("villages", 150):
        level = numpyro.sample("level", dist.Normal(mu, tau))
    with numpyro.plate("households", len(village)):
        numpyro.sample("wealth", dist.Normal(level[village], sigma), obs=wealth)


arguments = (village,)
keywords = {"wealth": wealth}
SITE = "level"
COMPARED = ("mu", "tau", "sigma", "level")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(village) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), village, wealth=wealth)
    mcmc.print_summary()
