"""Ticks on the chicks of grouse: three chicks or so a brood, three broods a place."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(516)
place_of_brood = np.repeat(np.arange(26), rng.integers(1, 6, size=26))
broods = len(place_of_brood)
brood = np.repeat(np.arange(broods), rng.integers(1, 7, size=broods))
place = 0.6 + 0.9 * rng.normal(size=26)
log_mean = place[place_of_brood] + 0.6 * rng.normal(size=broods)
ticks = rng.poisson(np.exp(log_mean)[brood] * rng.gamma(2.0, 0.5, size=len(brood)))


def model(place_of_brood, brood, ticks=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    sd_place = numpyro.sample("sd_place", dist.HalfNormal(1.5))
    sd_brood = numpyro.sample("sd_brood", dist.HalfNormal(1))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.5))
    with numpyro.plate("places", 26):
        place = numpyro.sample("place", dist.Normal(mu, sd_place))
    with numpyro.plate("broods", len(place_of_brood)):
        burden = numpyro.sample("burden", dist.Normal(place[place_of_brood], sd_brood))
    with numpyro.plate("chicks", len(brood)):
        mean = jnp.exp(burden)[brood]
        numpyro.sample("ticks", dist.NegativeBinomial2(mean, concentration), obs=ticks)


arguments = (place_of_brood, brood)
keywords = {"ticks": ticks}
SITE = "burden"
COMPARED = ("mu", "sd_place", "sd_brood", "concentration", "place", "burden")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    mean = np.exp(at["burden"])
    information = np.bincount(brood) * mean / (1 + mean / at["concentration"])
    return information / (information + 1 / at["sd_brood"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), place_of_brood, brood, ticks=ticks)
    mcmc.print_summary()
