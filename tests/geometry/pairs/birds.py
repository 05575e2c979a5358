"""Birds counted at sixty sites, about four at each."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(9)
counted = rng.poisson(np.exp(1.4 + 0.6 * rng.normal(size=60)))


def model(counted):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.Exponential(1))
    with numpyro.plate("sites", 60):
        log_mean = numpyro.sample("log_mean", dist.Normal(mu, tau))
        numpyro.sample("counted", dist.Poisson(jnp.exp(log_mean)), obs=counted)


arguments = (counted,)
keywords = {}
SITE = "log_mean"
COMPARED = ("mu", "tau", "log_mean")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.exp(at["log_mean"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), counted)
    mcmc.print_summary()
