"""Haemoglobin, in grams per litre, of eighty blood donors who gave one to six times."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4111)
times = rng.integers(1, 7, size=80)
donor = np.repeat(np.arange(80), times)
man = rng.binomial(1, 0.5, size=80)
haemoglobin = rng.normal(rng.normal(134 + 14 * man, 7)[donor], 6).round()


def model(donor, man, haemoglobin=None):
    women = numpyro.sample("women", dist.Normal(140, 20))
    difference = numpyro.sample("difference", dist.Normal(0, 20))
    tau = numpyro.sample("tau", dist.HalfCauchy(10))
    sigma = numpyro.sample("sigma", dist.HalfCauchy(10))
    with numpyro.plate("donors", len(man)):
        usual = numpyro.sample("usual", dist.Normal(women + difference * man, tau))
    with numpyro.plate("donations", len(donor)):
        numpyro.sample("haemoglobin", dist.Normal(usual[donor], sigma), obs=haemoglobin)


arguments = (donor, man)
keywords = {"haemoglobin": haemoglobin}
SITE = "usual"
COMPARED = ("women", "difference", "tau", "sigma", "usual")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = times / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), donor, man, haemoglobin=haemoglobin)
    mcmc.print_summary()
