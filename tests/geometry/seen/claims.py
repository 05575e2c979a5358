"""What claims for damaged cars cost in 25 regions, four to two hundred claims each."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(513)
claims = np.exp(rng.uniform(np.log(4), np.log(200), size=25)).astype(int)
region = np.repeat(np.arange(25), claims)
age = rng.uniform(0, 15, size=len(region))
mean = np.exp(0.8 + 0.25 * rng.normal(size=25)[region] - 0.04 * age)  # thousands
cost = rng.gamma(1.4, mean / 1.4)


def model(region, age, cost=None):
    base = numpyro.sample("base", dist.Normal(0, 2))
    per_year = numpyro.sample("per_year", dist.Normal(0, 0.2))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    shape = numpyro.sample("shape", dist.Gamma(2, 1))
    with numpyro.plate("regions", 25):
        dear = numpyro.sample("dear", dist.Normal(base, tau))
    with numpyro.plate("claims", len(region)):
        mean = jnp.exp(dear[region] + per_year * age)
        numpyro.sample("cost", dist.Gamma(shape, shape / mean), obs=cost)


arguments = (region, age)
keywords = {"cost": cost}
SITE = "dear"
COMPARED = ("base", "per_year", "tau", "shape", "dear")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = claims * at["shape"]
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), region, age, cost=cost)
    mcmc.print_summary()
