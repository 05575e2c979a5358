"""Harvests without a plough against with it: 22 studies, one to five log ratios each."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(716)
ratios = rng.integers(1, 6, size=22)
study = np.repeat(np.arange(22), ratios)
dry = rng.binomial(1, 0.4, size=len(study))
error = rng.uniform(0.03, 0.15, size=len(study))
true_study = rng.normal(-0.06, 0.08, size=22)
log_ratio = rng.normal(true_study[study] + 0.07 * dry, np.hypot(0.05, error))


@handlers.reparam(config={"study_mean": LocScaleReparam(0)})
def model(study, dry, error, log_ratio=None):
    overall = numpyro.sample("overall", dist.Normal(0, 0.5))
    by_dry = numpyro.sample("by_dry", dist.Normal(0, 0.5))
    sd_study = numpyro.sample("sd_study", dist.HalfNormal(0.3))
    sd_within = numpyro.sample("sd_within", dist.HalfNormal(0.3))
    with numpyro.plate("studies", 22):
        study_mean = numpyro.sample("study_mean", dist.Normal(overall, sd_study))
    with numpyro.plate("ratios", len(study)):
        spread = jnp.sqrt(sd_within**2 + error**2)
        mean = study_mean[study] + by_dry * dry
        numpyro.sample("log_ratio", dist.Normal(mean, spread), obs=log_ratio)


arguments = (study, dry, error)
keywords = {"log_ratio": log_ratio}
SITE = "study_mean"
COMPARED = ("overall", "by_dry", "sd_study", "sd_within", "study_mean")
centred = model.fn
decentred = model


def kappa(at):
    information = np.bincount(study, 1 / (at["sd_within"] ** 2 + error**2))
    return information / (information + 1 / at["sd_study"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), study, dry, error, log_ratio=log_ratio)
    mcmc.print_summary()
