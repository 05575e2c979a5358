"""Ozone at fifty stations, of which twenty have sent nothing yet."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(116)
station = np.repeat(np.arange(30), 12)
ozone = rng.normal(60 + 8 * rng.normal(size=50)[station], 10.0)


def model(station, ozone=None):
    mu = numpyro.sample("mu", dist.Normal(50, 30))
    tau = numpyro.sample("tau", dist.HalfNormal(20))
    sigma = numpyro.sample("sigma", dist.HalfNormal(20))
    with numpyro.plate("stations", 50):
        level = numpyro.sample("level", dist.Normal(mu, tau))
    with numpyro.plate("days", len(station)):
        numpyro.sample("ozone", dist.Normal(level[station], sigma), obs=ozone)


arguments = (station,)
keywords = {"ozone": ozone}
SITE = "level"
COMPARED = ("mu", "tau", "sigma", "level")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(station, minlength=50) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), station, ozone=ozone)
    mcmc.print_summary()
