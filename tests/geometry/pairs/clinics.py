"""A score in twelve clinics of three patients each: noise drowns what differs."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1)
clinic = np.repeat(np.arange(12), 3)
score = rng.normal(50 + 0.5 * rng.normal(size=12)[clinic], 3.0)


def model(clinic, score=None):
    mu = numpyro.sample("mu", dist.Normal(0, 100))
    tau = numpyro.sample("tau", dist.HalfNormal(5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(10))
    with numpyro.plate("clinics", 12):
        mean = numpyro.sample("mean", dist.Normal(mu, tau))
    with numpyro.plate("patients", len(clinic)):
        numpyro.sample("score", dist.Normal(mean[clinic], sigma), obs=score)


arguments = (clinic,)
keywords = {"score": score}
SITE = "mean"
COMPARED = ("mu", "tau", "sigma", "mean")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(clinic) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), clinic, score=score)
    mcmc.print_summary()
