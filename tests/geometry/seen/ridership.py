"""Six years of a metro's monthly riders, in thousands: growth and the months of the year."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1308)
time = np.arange(72)
month, year = time % 12, (time - 36) / 12
season = 70 * np.cos(2 * np.pi * np.arange(12) / 12) + 25 * rng.normal(size=12)
riders = rng.normal(2400 + 35 * year + season[month], 90)


@handlers.reparam(config={"season": LocScaleReparam(0)})
def model(month, year, riders=None):
    usual = numpyro.sample("usual", dist.Normal(2500, 500))
    growth = numpyro.sample("growth", dist.Normal(0, 50))
    tau = numpyro.sample("tau", dist.HalfNormal(100))
    sigma = numpyro.sample("sigma", dist.Exponential(0.01))
    with numpyro.plate("months", 12):
        season = numpyro.sample("season", dist.Normal(0, tau))
    with numpyro.plate("times", len(month)):
        mean = usual + growth * year + season[month]
        numpyro.sample("riders", dist.Normal(mean, sigma), obs=riders)


arguments = (month, year)
keywords = {"riders": riders}
SITE = "season"
COMPARED = ("usual", "growth", "tau", "sigma", "season")
centred = model.fn
decentred = model


def kappa(at):
    information = np.full(12, 6 / at["sigma"] ** 2)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), month, year, riders=riders)
    mcmc.print_summary()
