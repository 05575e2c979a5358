"""Marks of pianists, four to a teacher, five teachers to a conservatoire, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(216)
school = np.repeat(np.arange(8), 5)
teacher = np.repeat(np.arange(40), 4)
taught = (rng.normal(size=8)[school] + 0.8 * rng.normal(size=40))[teacher]
mark = rng.normal(14 + taught, 1.6)


def model(school, teacher, mark=None):
    mean = numpyro.sample("mean", dist.Normal(12, 5))
    spread = numpyro.sample("spread", dist.HalfNormal(2))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(3))
    with numpyro.plate("schools", 8):
        school_mean = numpyro.sample("school_mean", dist.Normal(mean, spread))
    with numpyro.plate("teachers", 40):
        z = numpyro.sample("z", dist.Normal(0, 1))
        teaching = numpyro.deterministic("teaching", school_mean[school] + tau * z)
    with numpyro.plate("pianists", len(teacher)):
        numpyro.sample("mark", dist.Normal(teaching[teacher], sigma), obs=mark)


def centred(school, teacher, mark=None):
    mean = numpyro.sample("mean", dist.Normal(12, 5))
    spread = numpyro.sample("spread", dist.HalfNormal(2))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(3))
    with numpyro.plate("schools", 8):
        school_mean = numpyro.sample("school_mean", dist.Normal(mean, spread))
    with numpyro.plate("teachers", 40):
        teaching = numpyro.sample("teaching", dist.Normal(school_mean[school], tau))
    with numpyro.plate("pianists", len(teacher)):
        numpyro.sample("mark", dist.Normal(teaching[teacher], sigma), obs=mark)


arguments = (school, teacher)
keywords = {"mark": mark}
SITE = "teaching"
COMPARED = ("mean", "spread", "tau", "sigma", "school_mean", "teaching")
decentred = model


def kappa(at):
    information = np.bincount(teacher) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school, teacher, mark=mark)
    mcmc.print_summary()
