"""A test of spelling in three classes of each of eight schools: pupils within classes."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(818)
school_of = np.repeat(np.arange(8), 3)
class_of = np.repeat(np.arange(24), rng.integers(7, 16, size=24))
true_class = (50 + 4 * rng.normal(size=8))[school_of] + 3 * rng.normal(size=24)
score = np.round(rng.normal(true_class[class_of], 9.0))


def three_levels(school_of, class_of, score=None):
    grand_mean = numpyro.sample("grand_mean", dist.Normal(50, 10))
    sd_school = numpyro.sample("sd_school", dist.HalfNormal(5))
    sd_class = numpyro.sample("sd_class", dist.HalfNormal(5))
    sd_pupil = numpyro.sample("sd_pupil", dist.HalfNormal(10))
    with numpyro.plate("schools", 8):
        school_mean = numpyro.sample("school_mean", dist.Normal(grand_mean, sd_school))
    with numpyro.plate("classes", 24):
        class_mean = numpyro.sample("class_mean", dist.Normal(school_mean[school_of], sd_class))
    with numpyro.plate("pupils", len(class_of)):
        numpyro.sample("score", dist.Normal(class_mean[class_of], sd_pupil), obs=score)


arguments = (school_of, class_of)
keywords = {"score": score}
SITE = "class_mean"
COMPARED = ("grand_mean", "sd_school", "sd_class", "sd_pupil", "school_mean", "class_mean")
model = centred = three_levels
decentred = handlers.reparam(three_levels, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # Of a class, its school being known.
    information = np.bincount(class_of) / at["sd_pupil"] ** 2
    return information / (information + 1 / at["sd_class"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school_of, class_of, score=score)
    mcmc.print_summary()
