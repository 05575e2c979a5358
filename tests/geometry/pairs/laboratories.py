"""Five laboratories measure one material forty times each."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(5)
laboratory = np.repeat(np.arange(5), 40)
reading = rng.normal(10 + 1.0 * rng.normal(size=5)[laboratory], 0.5)


def model(laboratory, reading=None):
    mu = numpyro.sample("mu", dist.Normal(0, 20))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("laboratories", 5):
        bias = numpyro.sample("bias", dist.Normal(mu, tau))
    with numpyro.plate("readings", len(laboratory)):
        numpyro.sample("reading", dist.Normal(bias[laboratory], sigma), obs=reading)


arguments = (laboratory,)
keywords = {"reading": reading}
SITE = "bias"
COMPARED = ("mu", "tau", "sigma", "bias")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(laboratory) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), laboratory, reading=reading)
    mcmc.print_summary()
