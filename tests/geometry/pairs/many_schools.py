"""Two hundred schools of four pupils each, which hardly differ."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(6)
school = np.repeat(np.arange(200), 4)
mark = rng.normal(0.2 * rng.normal(size=200)[school], 1.0)


def model(school, mark=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("schools", 200):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
    with numpyro.plate("pupils", len(school)):
        numpyro.sample("mark", dist.Normal(theta[school], sigma), obs=mark)


arguments = (school,)
keywords = {"mark": mark}
SITE = "theta"
COMPARED = ("mu", "tau", "sigma", "theta")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(school) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school, mark=mark)
    mcmc.print_summary()
