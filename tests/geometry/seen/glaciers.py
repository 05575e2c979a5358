"""What sixteen glaciers lose in warm summers, over fifteen to 45 years each: levels and slopes."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(718)
years = rng.integers(15, 46, size=16)
glacier = np.repeat(np.arange(16), years)
summer = 0.9 * rng.normal(size=len(glacier))  # degrees above the usual
true_level, true_slope = rng.normal(-0.4, 0.4, size=16), rng.normal(-0.45, 0.15, size=16)
balance = rng.normal(true_level[glacier] + true_slope[glacier] * summer, 0.4)  # metres of water


def model(glacier, summer, balance=None):
    mu_level = numpyro.sample("mu_level", dist.Normal(0, 1))
    mu_slope = numpyro.sample("mu_slope", dist.Normal(0, 1))
    sd_level = numpyro.sample("sd_level", dist.HalfNormal(1))
    sd_slope = numpyro.sample("sd_slope", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    with numpyro.plate("glaciers", 16):
        level = numpyro.sample("level", dist.Normal(mu_level, sd_level))
        slope = numpyro.sample("slope", dist.Normal(mu_slope, sd_slope))
    with numpyro.plate("summers", len(glacier)):
        mean = level[glacier] + slope[glacier] * summer
        numpyro.sample("balance", dist.Normal(mean, sigma), obs=balance)


arguments = (glacier, summer)
keywords = {"balance": balance}
SITE = "slope"
COMPARED = ("mu_level", "mu_slope", "sd_level", "sd_slope", "sigma", "level", "slope")
centred = model
decentred = handlers.reparam(model, config={"slope": LocScaleReparam(centered=0)})


def kappa(at):
    # Of a slope, the level being known.
    information = np.bincount(glacier, summer**2) / at["sigma"] ** 2
    return information / (information + 1 / at["sd_slope"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), glacier, summer, balance=balance)
    mcmc.print_summary()
