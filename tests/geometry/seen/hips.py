"""Years until a hip prosthesis is revised, in thirty hospitals; most are not yet: Weibull."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(802)
hospital = np.repeat(np.arange(30), rng.integers(3, 25, size=30))
age = rng.normal(size=len(hospital))
lasting = np.exp(2.9 + 0.35 * rng.normal(size=30)[hospital] + 0.2 * age)
failure = lasting * rng.weibull(1.4, size=len(hospital))
followed = rng.uniform(1, 12, size=len(hospital))
years = np.minimum(failure, followed)
revised = failure <= followed


def model(hospital, age, years, revised):
    mu = numpyro.sample("mu", dist.Normal(2.5, 1))
    by_age = numpyro.sample("by_age", dist.Normal(0, 0.5))
    shape = numpyro.sample("shape", dist.LogNormal(0, 0.5))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    with numpyro.plate("hospitals", 30):
        log_scale = numpyro.sample("log_scale", dist.Normal(mu, tau))
    with numpyro.plate("hips", len(hospital)):
        scale = jnp.exp(log_scale[hospital] + by_age * age)
        # A hip that has held until now tells that its time is longer.
        lasted = -((years / scale) ** shape)
        failed = dist.Weibull(scale, shape).log_prob(years)
        numpyro.factor("survival", jnp.where(revised, failed, lasted))


arguments = (hospital, age, years, revised)
keywords = {}
SITE = "log_scale"
COMPARED = ("mu", "by_age", "shape", "tau", "log_scale")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    hazard = (years / np.exp(at["log_scale"][hospital] + at["by_age"] * age)) ** at["shape"]
    information = at["shape"] ** 2 * np.bincount(hospital, hazard)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments)
    mcmc.print_summary()
