"""Parrotfish on four transects of each of 28 reefs, some of which are protected."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(301)
reef = np.repeat(np.arange(28), 4)
protected = rng.binomial(1, 0.4, size=28)
log_density = 2.2 + 0.5 * protected + 0.6 * rng.normal(size=28)
count = rng.poisson(np.exp(log_density[reef]) * rng.gamma(3.0, 1 / 3.0, size=len(reef)))


def model(reef, protected, count=None):
    intercept = numpyro.sample("intercept", dist.Normal(2, 2))
    effect = numpyro.sample("effect", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.5))
    with numpyro.plate("reefs", len(protected)):
        log_density = numpyro.sample(
            "log_density", dist.Normal(intercept + effect * protected, tau)
        )
    with numpyro.plate("transects", len(reef)):
        mean = jnp.exp(log_density[reef])
        numpyro.sample("count", dist.NegativeBinomial2(mean, concentration), obs=count)


arguments = (reef, protected)
keywords = {"count": count}
SITE = "log_density"
COMPARED = ("intercept", "effect", "tau", "concentration", "log_density")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = 4 / (np.exp(-at["log_density"]) + 1 / at["concentration"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), reef, protected, count=count)
    mcmc.print_summary()
