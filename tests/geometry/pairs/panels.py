"""A hundred and twenty panels of five tasters: somewhat more signal than noise."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(51)
panel = np.repeat(np.arange(120), 5)
rating = rng.normal(3 + 0.6 * rng.normal(size=120)[panel], 1.0)


def model(panel, rating=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.Exponential(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("panels", 120):
        taste = numpyro.sample("taste", dist.Normal(mu, tau))
    with numpyro.plate("tasters", len(panel)):
        numpyro.sample("rating", dist.Normal(taste[panel], sigma), obs=rating)


arguments = (panel,)
keywords = {"rating": rating}
SITE = "taste"
COMPARED = ("mu", "tau", "sigma", "taste")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(panel) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), panel, rating=rating)
    mcmc.print_summary()
