"""Times of forty skiers in eight races, some of which they do not finish."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(607)
skier, race = (each.ravel() for each in np.indices((40, 8)))
finishes = rng.uniform(size=320) < 0.85
skier, race = skier[finishes], race[finishes]
course, slowness = rng.normal(4.6, 0.15, size=8), 0.02 * rng.normal(size=40)
seconds = np.exp(rng.normal(course[race] + slowness[skier], 0.014))


def model(skier, race, seconds=None):
    variance_skier = numpyro.sample("variance_skier", dist.InverseGamma(3.0, 0.001))
    variance_run = numpyro.sample("variance_run", dist.InverseGamma(3.0, 0.001))
    with numpyro.plate("races", 8):
        course = numpyro.sample("course", dist.Normal(4.5, 0.5))
    with numpyro.plate("skiers", 40):
        slowness = numpyro.sample("slowness", dist.Normal(0.0, jnp.sqrt(variance_skier)))
    with numpyro.plate("runs", len(skier)):
        log_mean = course[race] + slowness[skier]
        numpyro.sample("seconds", dist.LogNormal(log_mean, jnp.sqrt(variance_run)), obs=seconds)


arguments = (skier, race)
keywords = {"seconds": seconds}
SITE = "slowness"
COMPARED = ("variance_skier", "variance_run", "course", "slowness")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of a skier, the courses being known.
    information = np.bincount(skier, minlength=40) / at["variance_run"]
    return information / (information + 1 / at["variance_skier"])


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), skier, race, seconds=seconds)
    mcmc.print_summary()
