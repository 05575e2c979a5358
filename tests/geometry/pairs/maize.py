"""Maize on 25 farms in kilograms a hectare: what nitrogen adds, decentred by the handler."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(101)
farm = np.repeat(np.arange(25), rng.integers(3, 13, size=25))
nitrogen = rng.choice([0.0, 50.0, 100.0, 150.0, 200.0], size=len(farm))
base, gain = rng.normal(5000, 800, size=25), rng.normal(12, 5, size=25)
harvest = rng.normal(base[farm] + gain[farm] * nitrogen, 600.0)


@handlers.reparam(config={"gain": LocScaleReparam(0)})
def model(farm, nitrogen, harvest=None):
    unfertilised = numpyro.sample("unfertilised", dist.Normal(5000, 2000))
    response = numpyro.sample("response", dist.Normal(0, 20))
    between = numpyro.sample("between", dist.HalfNormal(1000))
    tau = numpyro.sample("tau", dist.HalfNormal(10))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1000))
    with numpyro.plate("farms", 25):
        base = numpyro.sample("base", dist.Normal(unfertilised, between))
        gain = numpyro.sample("gain", dist.Normal(response, tau))
    with numpyro.plate("plots", len(farm)):
        mean = base[farm] + gain[farm] * nitrogen
        numpyro.sample("harvest", dist.Normal(mean, sigma), obs=harvest)


arguments = (farm, nitrogen)
keywords = {"harvest": harvest}
SITE = "gain"
COMPARED = ("unfertilised", "response", "between", "tau", "sigma", "gain")
centred = model.fn
decentred = model


def kappa(at):
    # Of a slope whose farm's level is not known.
    middle = (np.bincount(farm, nitrogen) / np.bincount(farm))[farm]
    information = np.bincount(farm, (nitrogen - middle) ** 2) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), farm, nitrogen, harvest=harvest)
    mcmc.print_summary()
