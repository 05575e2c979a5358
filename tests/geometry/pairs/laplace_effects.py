"""Differences between fifteen stores, most of which are small, decentred by the handler."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(26)
store = np.repeat(np.arange(15), 4)
sales = rng.normal(3 + rng.laplace(0, 0.3, size=15)[store], 1.5)


@handlers.reparam(config={"effect": LocScaleReparam(0)})
def model(store, sales=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("stores", 15):
        effect = numpyro.sample("effect", dist.Laplace(mu, tau))
    with numpyro.plate("days", len(store)):
        numpyro.sample("sales", dist.Normal(effect[store], sigma), obs=sales)


arguments = (store,)
keywords = {"sales": sales}
SITE = "effect"
COMPARED = ("mu", "tau", "sigma", "effect")
centred = model.fn
decentred = model


def kappa(at):
    information = np.bincount(store) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), store, sales=sales)
    mcmc.print_summary()
