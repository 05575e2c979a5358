"""Mosquitoes in the traps of 35 villages, six a village: overdispersed counts."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(105)
village = np.repeat(np.arange(35), 6)
mean = np.exp(3 + rng.normal(size=35))[village]
caught = rng.poisson(mean * rng.gamma(2.0, 1 / 2.0, size=len(village)))


def model(village, caught=None):
    mu = numpyro.sample("mu", dist.Normal(2, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1.5))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.5))
    with numpyro.plate("villages", 35):
        density = numpyro.sample("density", dist.Normal(mu, tau))
    with numpyro.plate("traps", len(village)):
        expected = jnp.exp(density[village])
        numpyro.sample("caught", dist.NegativeBinomial2(expected, concentration), obs=caught)


arguments = (village,)
keywords = {"caught": caught}
SITE = "density"
COMPARED = ("mu", "tau", "concentration", "density")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    expected = np.exp(at["density"])
    information = 6 * expected / (1 + expected / at["concentration"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), village, caught=caught)
    mcmc.print_summary()
