"""How long loaves take in twelve ovens, thirty batches each: Laplace effects, Gamma times."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(203)
oven = np.repeat(np.arange(12), 30)
minutes = rng.gamma(12, np.exp(3.6 + rng.laplace(0, 0.15, size=12))[oven] / 12)


def model(oven, minutes=None):
    mu = numpyro.sample("mu", dist.Normal(3, 1))
    tau = numpyro.sample("tau", dist.Exponential(2))
    shape = numpyro.sample("shape", dist.Gamma(2, 0.2))
    with numpyro.plate("ovens", 12):
        pace = numpyro.sample("pace", dist.Laplace(mu, tau))
    with numpyro.plate("batches", len(oven)):
        rate = shape / jnp.exp(pace[oven])
        numpyro.sample("minutes", dist.Gamma(shape, rate), obs=minutes)


arguments = (oven,)
keywords = {"minutes": minutes}
SITE = "pace"
COMPARED = ("mu", "tau", "shape", "pace")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of the log of a Gamma's mean an observation tells its shape.
    information = np.bincount(oven) * at["shape"]
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), oven, minutes=minutes)
    mcmc.print_summary()
