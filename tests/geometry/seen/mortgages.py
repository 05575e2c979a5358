"""What 24 lenders ask above the base rate: some wrote many of the mortgages, some two or three."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1301)
written = np.maximum(2, rng.lognormal(2.5, 1.3, size=24).astype(int))
lender = np.repeat(np.arange(24), written)
deposit = rng.uniform(5, 40, size=len(lender))
points = rng.normal(160, 22, size=24)[lender] - 1.5 * (deposit - 20)
points = points + 45 * rng.normal(size=len(lender))


def model(lender, deposit, points=None):
    mu = numpyro.sample("mu", dist.Normal(150, 50))
    slope = numpyro.sample("slope", dist.Normal(0, 3))
    tau = numpyro.sample("tau", dist.Exponential(1 / 30))
    sigma = numpyro.sample("sigma", dist.Exponential(1 / 50))
    with numpyro.plate("lenders", 24):
        margin = numpyro.sample("margin", dist.Normal(mu, tau))
    with numpyro.plate("mortgages", len(lender)):
        mean = margin[lender] + slope * (deposit - 20)
        numpyro.sample("points", dist.Normal(mean, sigma), obs=points)


arguments = (lender, deposit)
keywords = {"points": points}
SITE = "margin"
COMPARED = ("mu", "slope", "tau", "sigma", "margin")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = written / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), lender, deposit, points=points)
    mcmc.print_summary()
