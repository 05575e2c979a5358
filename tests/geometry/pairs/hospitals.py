"""Lengths of stay in sixteen hospitals, of which half report two stays and half 500."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4)
hospital = np.repeat(np.arange(16), [2, 500] * 8)
days = rng.normal(8 + 1.0 * rng.normal(size=16)[hospital], 2.0)


def model(hospital, days=None):
    mu = numpyro.sample("mu", dist.Normal(0, 20))
    tau = numpyro.sample("tau", dist.HalfNormal(3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(5))
    with numpyro.plate("hospitals", 16):
        stay = numpyro.sample("stay", dist.Normal(mu, tau))
    with numpyro.plate("patients", len(hospital)):
        numpyro.sample("days", dist.Normal(stay[hospital], sigma), obs=days)


arguments = (hospital,)
keywords = {"days": days}
SITE = "stay"
COMPARED = ("mu", "tau", "sigma", "stay")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(hospital) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), hospital, days=days)
    mcmc.print_summary()
