"""Minutes that parcels take with thirty couriers, of whom some carried two and some 150."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(205)
parcels = np.geomspace(2, 150, 30).astype(int)
courier = np.repeat(np.arange(30), parcels)
minutes = np.exp(rng.normal(4 + 0.25 * rng.normal(size=30)[courier], 0.7))


def model(courier, minutes=None):
    mu = numpyro.sample("mu", dist.Normal(3, 2))
    tau = numpyro.sample("tau", dist.Exponential(2))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    with numpyro.plate("couriers", 30):
        pace = numpyro.sample("pace", dist.Normal(mu, tau))
    with numpyro.plate("parcels", len(courier)):
        numpyro.sample("minutes", dist.LogNormal(pace[courier], sigma), obs=minutes)


arguments = (courier,)
keywords = {"minutes": minutes}
SITE = "pace"
COMPARED = ("mu", "tau", "sigma", "pace")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(courier) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), courier, minutes=minutes)
    mcmc.print_summary()
