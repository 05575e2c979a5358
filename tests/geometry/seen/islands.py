"""Lengths of lizards on thirty islands, on eight of which nobody has landed yet."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(511)
caught = rng.integers(5, 25, size=30)
caught[rng.choice(30, size=8, replace=False)] = 0
island = np.repeat(np.arange(30), caught)
length = rng.normal(62 + 4 * rng.normal(size=30)[island], 6.0)  # mm


def model(island, n_islands, length=None):
    mu = numpyro.sample("mu", dist.Normal(60, 20))
    tau = numpyro.sample("tau", dist.Exponential(0.2))
    sigma = numpyro.sample("sigma", dist.Exponential(0.2))
    with numpyro.plate("islands", n_islands):
        usual = numpyro.sample("usual", dist.Normal(mu, tau))
    with numpyro.plate("lizards", len(island)):
        numpyro.sample("length", dist.Normal(usual[island], sigma), obs=length)


arguments = (island, 30)
keywords = {"length": length}
SITE = "usual"
COMPARED = ("mu", "tau", "sigma", "usual")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = caught / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), island, 30, length=length)
    mcmc.print_summary()
