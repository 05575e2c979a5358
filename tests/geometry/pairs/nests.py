"""The mass of gulls' eggs, in nests in colonies: nests differ more than their eggs."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(121)
colony_of = np.repeat(np.arange(20), 5)
nest = np.repeat(np.arange(100), 3)
mean = 80 + 3 * rng.normal(size=20)[colony_of] + 5 * rng.normal(size=100)
mass = rng.normal(mean[nest], 2.5)


def model(colony_of, nest, mass=None):
    overall = numpyro.sample("overall", dist.Normal(80, 20))
    raw = numpyro.sample("raw", dist.Normal(3, 3).expand([2]).to_event(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(10))
    between, within = nn.softplus(raw)
    with numpyro.plate("colonies", 20):
        colony = numpyro.sample("colony", dist.Normal(overall, between))
    with numpyro.plate("nests", len(colony_of)):
        clutch = numpyro.sample("clutch", dist.Normal(colony[colony_of], within))
    with numpyro.plate("eggs", len(nest)):
        numpyro.sample("mass", dist.Normal(clutch[nest], sigma), obs=mass)


arguments = (colony_of, nest)
keywords = {"mass": mass}
SITE = "clutch"
COMPARED = ("overall", "raw", "sigma", "colony", "clutch")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(nest) / at["sigma"] ** 2
    return information / (information + 1 / np.log1p(np.exp(at["raw"][1])) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), colony_of, nest, mass=mass)
    mcmc.print_summary()
