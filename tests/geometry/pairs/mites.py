"""Mites counted once on each of sixty hives, about one a hive, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(206)
treated = rng.integers(0, 2, size=60)
mites = rng.poisson(np.exp(0.3 - 0.5 * treated + 0.3 * rng.normal(size=60)))


def model(treated, mites=None):
    base = numpyro.sample("base", dist.Normal(0, 1))
    treatment = numpyro.sample("treatment", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.Gamma(2, 4))
    with numpyro.plate("hives", 60):
        z = numpyro.sample("z", dist.Normal(0, 1))
        burden = numpyro.deterministic("burden", base + treatment * treated + tau * z)
        numpyro.sample("mites", dist.Poisson(jnp.exp(burden)), obs=mites)


def centred(treated, mites=None):
    base = numpyro.sample("base", dist.Normal(0, 1))
    treatment = numpyro.sample("treatment", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.Gamma(2, 4))
    with numpyro.plate("hives", 60):
        burden = numpyro.sample("burden", dist.Normal(base + treatment * treated, tau))
        numpyro.sample("mites", dist.Poisson(jnp.exp(burden)), obs=mites)


arguments = (treated,)
keywords = {"mites": mites}
SITE = "burden"
COMPARED = ("base", "treatment", "tau", "burden")
decentred = model


def kappa(at):
    information = np.exp(at["burden"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), treated, mites=mites)
    mcmc.print_summary()
