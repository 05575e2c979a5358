"""Moths in twenty light traps on each of ten nights: traps and nights are crossed."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(601)
trap, night = (each.ravel() for each in np.indices((20, 10)))
place, weather = 0.8 * rng.normal(size=20), 0.5 * rng.normal(size=10)
usual = np.exp(2.0 + place[trap] + weather[night])
moths = rng.poisson(usual * rng.gamma(5.0, 1 / 5.0, size=200))


def model(trap, night, moths=None):
    alpha = numpyro.sample("alpha", dist.Normal(1, 2))
    sd_trap = numpyro.sample("sd_trap", dist.Exponential(1))
    sd_night = numpyro.sample("sd_night", dist.Exponential(1))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.3))
    with numpyro.plate("traps", 20):
        place = numpyro.sample("place", dist.Normal(alpha, sd_trap))
    with numpyro.plate("nights", 10):
        weather = numpyro.sample("weather", dist.Normal(0, sd_night))
    with numpyro.plate("counts", len(trap)):
        mean = jnp.exp(place[trap] + weather[night])
        numpyro.sample("moths", dist.NegativeBinomial2(mean, concentration), obs=moths)


arguments = (trap, night)
keywords = {"moths": moths}
SITE = "place"
COMPARED = ("alpha", "sd_trap", "sd_night", "concentration", "place", "weather")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of a trap, the nights being known.
    mean = np.exp(at["place"][trap] + at["weather"][night])
    information = np.bincount(trap, mean / (1 + mean / at["concentration"]))
    return information / (information + 1 / at["sd_trap"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), trap, night, moths=moths)
    mcmc.print_summary()
