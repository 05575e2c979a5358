"""Passes of bats on six nights at 42 places, on some of which they do not fly at all."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(712)
woodland = rng.uniform(-1, 1, size=42)
usual = np.exp(1.2 + 0.5 * woodland + 0.7 * rng.normal(size=42))
passes = np.where(rng.uniform(size=(6, 42)) < 0.3, 0, rng.poisson(usual, size=(6, 42)))


def model(woodland, passes=None):
    alpha = numpyro.sample("alpha", dist.Normal(1, 1.5))
    by_woodland = numpyro.sample("by_woodland", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.Exponential(1))
    idle = numpyro.sample("idle", dist.Beta(1, 1))
    with numpyro.plate("places", len(woodland), dim=-1):
        activity = numpyro.sample("activity", dist.Normal(alpha + by_woodland * woodland, tau))
        with numpyro.plate("nights", 6, dim=-2):
            counts = dist.ZeroInflatedPoisson(idle, jnp.exp(activity))
            numpyro.sample("passes", counts, obs=passes)


arguments = (woodland,)
keywords = {"passes": passes}
SITE = "activity"
COMPARED = ("alpha", "by_woodland", "tau", "idle", "activity")
centred = model
decentred = handlers.reparam(model, config={"activity": LocScaleReparam(0)})


def kappa(at):
    # Of a night with passes, and of one without, which may be idle.
    rate, flies = np.exp(at["activity"]), 1 - at["idle"]
    none = flies * np.exp(-rate)
    with_passes = flies * rate - none * rate**2
    information = 6 * (with_passes + (none * rate) ** 2 / (at["idle"] + none))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), woodland, passes=passes)
    mcmc.print_summary()
