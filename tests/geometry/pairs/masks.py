"""Who wears a mask, of a thousand in sixteen regions and six ages, decentred by the handler."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(317)
region = rng.choice(16, p=rng.dirichlet(np.full(16, 2.0)), size=1000)
age, woman = rng.integers(6, size=1000), rng.integers(2, size=1000)
logit = 0.4 + 0.3 * woman + 0.3 * rng.normal(size=16)[region] + 0.4 * rng.normal(size=6)[age]
wears = rng.binomial(1, 1 / (1 + np.exp(-logit)))


@handlers.reparam(config={"by_region": LocScaleReparam(0), "by_age": LocScaleReparam(0)})
def model(region, age, woman, wears=None):
    intercept = numpyro.sample("intercept", dist.Normal(0, 1.5))
    gender = numpyro.sample("gender", dist.Normal(0, 1))
    tau_region = numpyro.sample("tau_region", dist.HalfNormal(1))
    tau_age = numpyro.sample("tau_age", dist.HalfNormal(1))
    with numpyro.plate("regions", 16):
        by_region = numpyro.sample("by_region", dist.Normal(0, tau_region))
    with numpyro.plate("ages", 6):
        by_age = numpyro.sample("by_age", dist.Normal(0, tau_age))
    with numpyro.plate("people", len(region)):
        logits = intercept + gender * woman + by_region[region] + by_age[age]
        numpyro.sample("wears", dist.Bernoulli(logits=logits), obs=wears)


arguments = (region, age, woman)
keywords = {"wears": wears}
SITE = "by_region"
COMPARED = ("intercept", "gender", "tau_region", "tau_age", "by_region", "by_age")
centred = handlers.reparam(model.fn, config={"by_age": LocScaleReparam(0)})
decentred = model


def kappa(at):
    logit = at["intercept"] + at["gender"] * woman + at["by_region"][region] + at["by_age"][age]
    share = 1 / (1 + np.exp(-logit))
    information = np.bincount(region, share * (1 - share), minlength=16)
    return information / (information + 1 / at["tau_region"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), region, age, woman, wears=wears)
    mcmc.print_summary()
