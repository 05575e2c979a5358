"""Stomatal conductance of leaves of 24 oaks, two to thirty of each, with some odd readings."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4103)
tree = np.repeat(np.arange(24), rng.integers(2, 31, size=24))
usual = rng.normal(0.24, 0.04, size=24)
conductance = usual[tree] + 0.05 * rng.standard_t(4, size=len(tree))


def model(tree, conductance=None):
    stand = numpyro.sample("stand", dist.Normal(0.2, 0.1))
    between = numpyro.sample("between", dist.Exponential(20))
    within = numpyro.sample("within", dist.Exponential(20))
    nu = numpyro.sample("nu", dist.Gamma(2, 0.1))
    with numpyro.plate("trees", 24):
        z = numpyro.sample("z", dist.Normal(0, 1))
        oak = numpyro.deterministic("oak", stand + between * z)
    with numpyro.plate("leaves", len(tree)):
        numpyro.sample("conductance", dist.StudentT(nu, oak[tree], within), obs=conductance)


def centred(tree, conductance=None):
    stand = numpyro.sample("stand", dist.Normal(0.2, 0.1))
    between = numpyro.sample("between", dist.Exponential(20))
    within = numpyro.sample("within", dist.Exponential(20))
    nu = numpyro.sample("nu", dist.Gamma(2, 0.1))
    with numpyro.plate("trees", 24):
        oak = numpyro.sample("oak", dist.Normal(stand, between))
    with numpyro.plate("leaves", len(tree)):
        numpyro.sample("conductance", dist.StudentT(nu, oak[tree], within), obs=conductance)


arguments = (tree,)
keywords = {"conductance": conductance}
SITE = "oak"
COMPARED = ("stand", "between", "within", "nu", "oak")
decentred = model


def kappa(at):
    each = (at["nu"] + 1) / (at["nu"] + 3) / at["within"] ** 2
    information = np.bincount(tree) * each
    return information / (information + 1 / at["between"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), tree, conductance=conductance)
    mcmc.print_summary()
