"""Words that children know, in two classes of each of 24 kindergartens: the classes."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(309)
school_of = np.repeat(np.arange(24), 2)
group = np.repeat(np.arange(48), rng.integers(9, 17, size=48))
mean = 50 + 4 * rng.normal(size=24)[school_of] + 2.5 * rng.normal(size=48)
words = rng.normal(mean[group], 10.0)


def model(school_of, group, words=None):
    overall = numpyro.sample("overall", dist.Normal(50, 20))
    between = numpyro.sample("between", dist.HalfNormal(10))
    within = numpyro.sample("within", dist.HalfNormal(10))
    sigma = numpyro.sample("sigma", dist.HalfNormal(20))
    with numpyro.plate("schools", 24):
        school = numpyro.sample("school", dist.Normal(overall, between))
    with numpyro.plate("classes", len(school_of)):
        level = numpyro.sample("level", dist.Normal(school[school_of], within))
    with numpyro.plate("children", len(group)):
        numpyro.sample("words", dist.Normal(level[group], sigma), obs=words)


arguments = (school_of, group)
keywords = {"words": words}
SITE = "level"
COMPARED = ("overall", "between", "within", "sigma", "school", "level")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(group) / at["sigma"] ** 2
    return information / (information + 1 / at["within"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school_of, group, words=words)
    mcmc.print_summary()
