"""Years until batteries of pacemakers are empty, in thirty hospitals: Weibull, and censored."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(714)
patients = rng.integers(4, 36, size=30)
hospital = np.repeat(np.arange(30), patients)
pacing = rng.uniform(-0.5, 0.5, size=len(hospital))  # share of beats, less a half
true_log_scale = 2.2 - 0.3 * pacing + 0.12 * rng.normal(size=30)[hospital]
lasts = np.exp(true_log_scale) * rng.weibull(3.0, size=len(hospital))
followed = rng.uniform(4, 14, size=len(hospital))
years, empty = np.minimum(lasts, followed), lasts <= followed


def model(hospital, pacing, years, empty):
    mu = numpyro.sample("mu", dist.Normal(2, 1))
    by_pacing = numpyro.sample("by_pacing", dist.Normal(0, 0.5))
    shape = numpyro.sample("shape", dist.LogNormal(0.7, 0.5))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("hospitals", 30):
        log_scale = numpyro.sample("log_scale", dist.Normal(mu, tau))
    with numpyro.plate("patients", len(hospital)):
        scale = jnp.exp(log_scale[hospital] + by_pacing * pacing)
        with handlers.mask(mask=empty):
            numpyro.sample("years", dist.Weibull(scale, shape), obs=years)
        with handlers.mask(mask=~empty):
            numpyro.factor("still_on", -((years / scale) ** shape))


arguments = (hospital, pacing, years, empty)
keywords = {}
SITE = "log_scale"
COMPARED = ("mu", "by_pacing", "shape", "tau", "log_scale")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    scale = np.exp(at["log_scale"][hospital] + at["by_pacing"] * pacing)
    information = np.bincount(hospital, at["shape"] ** 2 * (years / scale) ** at["shape"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments)
    mcmc.print_summary()
