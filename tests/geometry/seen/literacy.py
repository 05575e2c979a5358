"""Reading in two to four classes of each of eighteen schools: what the schools differ by."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(616)
school_of = np.repeat(np.arange(18), rng.integers(2, 5, size=18))
n_classes = len(school_of)
pupils = rng.integers(12, 27, size=n_classes)
class_of = np.repeat(np.arange(n_classes), pupils)
true_class = 100 + 4 * rng.normal(size=18)[school_of] + 3 * rng.normal(size=n_classes)
score = rng.normal(true_class[class_of], 12.0)


def model(school_of, class_of, score=None):
    mu = numpyro.sample("mu", dist.Normal(100, 10))
    sd_school = numpyro.sample("sd_school", dist.Gamma(2, 0.3))
    sd_class = numpyro.sample("sd_class", dist.Gamma(2, 0.3))
    sigma = numpyro.sample("sigma", dist.Exponential(0.1))
    with numpyro.plate("schools", 18):
        school = numpyro.sample("school", dist.Normal(mu, sd_school))
    with numpyro.plate("classes", len(school_of)):
        offset = numpyro.sample("offset", dist.Normal(0, sd_class))
    with numpyro.plate("pupils", len(class_of)):
        mean = (school[school_of] + offset)[class_of]
        numpyro.sample("score", dist.Normal(mean, sigma), obs=score)


arguments = (school_of, class_of)
keywords = {"score": score}
SITE = "school"
COMPARED = ("mu", "sd_school", "sd_class", "sigma", "school", "offset")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # A class tells of its school with the variance of its own mean.
    variance = at["sd_class"] ** 2 + at["sigma"] ** 2 / pupils
    information = np.bincount(school_of, 1 / variance)
    return information / (information + 1 / at["sd_school"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school_of, class_of, score=score)
    mcmc.print_summary()
