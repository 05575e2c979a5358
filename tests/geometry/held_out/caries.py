"""Decayed teeth of children of thirty schools, many of whom have none."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4103)
children = rng.integers(6, 36, size=30)
school = np.repeat(np.arange(30), children)
fluoride = rng.binomial(1, 0.4, size=30)
rate = np.exp(rng.normal(0.9 - 0.35 * fluoride, 0.3))
decayed = rng.binomial(1, 0.55, size=len(school)) * rng.poisson(rate[school])


def model(school, fluoride, decayed=None):
    intercept = numpyro.sample("intercept", dist.Normal(0, 2))
    effect = numpyro.sample("effect", dist.Normal(0, 1))
    sound = numpyro.sample("sound", dist.Beta(1, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("schools", len(fluoride)):
        level = numpyro.sample("level", dist.Normal(intercept + effect * fluoride, tau))
    with numpyro.plate("children", len(school)):
        teeth = dist.ZeroInflatedPoisson(sound, rate=jnp.exp(level[school]))
        numpyro.sample("decayed", teeth, obs=decayed)


arguments = (school, fluoride)
keywords = {"decayed": decayed}
SITE = "level"
COMPARED = ("intercept", "effect", "sound", "tau", "level")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # As if it were known whose teeth can decay.
    information = children * (1 - at["sound"]) * np.exp(at["level"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school, fluoride, decayed=decayed)
    mcmc.print_summary()
