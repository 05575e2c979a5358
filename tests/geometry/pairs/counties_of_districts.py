"""Districts in counties that differ far more than their districts: the upper level."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(18)
county_of = np.repeat(np.arange(12), 8)
district = np.repeat(np.arange(96), 6)
mean = 2 + 1.2 * rng.normal(size=12)[county_of] + 0.3 * rng.normal(size=96)
income = rng.normal(mean[district], 0.4)


def model(county_of, district, income=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    between = numpyro.sample("between", dist.HalfNormal(2))
    within = numpyro.sample("within", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("counties", 12):
        county = numpyro.sample("county", dist.Normal(mu, between))
    with numpyro.plate("districts", len(county_of)):
        theta = numpyro.sample("theta", dist.Normal(county[county_of], within))
    with numpyro.plate("households", len(district)):
        numpyro.sample("income", dist.Normal(theta[district], sigma), obs=income)


arguments = (county_of, district)
keywords = {"income": income}
SITE = "county"
COMPARED = ("mu", "between", "within", "sigma", "county")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    # A district tells of its county with the variance of its own mean.
    variance = at["within"] ** 2 + at["sigma"] ** 2 / 6
    information = np.bincount(county_of) / variance
    return information / (information + 1 / at["between"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), county_of, district, income=income)
    mcmc.print_summary()
