"""Slugs under the traps of twenty gardens on fourteen nights: the effects of the gardens."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4106)
garden, night = (each.ravel() for each in np.indices((20, 14)))
places, nights = rng.normal(0, 0.5, size=20), rng.normal(0, 0.6, size=14)
mean = np.exp(1.2 + places[garden] + nights[night])
slugs = rng.poisson(rng.gamma(3, mean / 3))


def model(garden, night, slugs=None):
    usual = numpyro.sample("usual", dist.Normal(1, 1))
    places = numpyro.sample("places", dist.HalfNormal(1))
    nights = numpyro.sample("nights", dist.HalfNormal(1))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.5))
    with numpyro.plate("gardens", 20):
        place = numpyro.sample("place", dist.Normal(0, places))
    with numpyro.plate("dates", 14):
        weather = numpyro.sample("weather", dist.Normal(0, nights))
    with numpyro.plate("traps", len(garden)):
        mean = jnp.exp(usual + place[garden] + weather[night])
        counts = dist.NegativeBinomial2(mean, concentration)
        numpyro.sample("slugs", counts, obs=slugs)


arguments = (garden, night)
keywords = {"slugs": slugs}
SITE = "place"
COMPARED = ("usual", "places", "nights", "concentration", "place", "weather")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    mean = np.exp(at["usual"] + at["place"][garden] + at["weather"][night])
    information = np.bincount(garden, mean / (1 + mean / at["concentration"]))
    return information / (information + 1 / at["places"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), garden, night, slugs=slugs)
    mcmc.print_summary()
