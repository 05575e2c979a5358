"""Districts in counties, five houses in each: districts of a county hardly differ."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(17)
county_of = np.repeat(np.arange(10), 6)
district = np.repeat(np.arange(60), 5)
mean = 1 + rng.normal(size=10)[county_of] + 0.15 * rng.normal(size=60)
log_radon = rng.normal(mean[district], 1.0)


def model(county_of, district, log_radon=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    between = numpyro.sample("between", dist.HalfNormal(2))
    within = numpyro.sample("within", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("counties", 10):
        county = numpyro.sample("county", dist.Normal(mu, between))
    with numpyro.plate("districts", len(county_of)):
        theta = numpyro.sample("theta", dist.Normal(county[county_of], within))
    with numpyro.plate("houses", len(district)):
        numpyro.sample("log_radon", dist.Normal(theta[district], sigma), obs=log_radon)


arguments = (county_of, district)
keywords = {"log_radon": log_radon}
SITE = "theta"
COMPARED = ("mu", "between", "within", "sigma", "theta")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = np.bincount(district) / at["sigma"] ** 2
    return information / (information + 1 / at["within"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), county_of, district, log_radon=log_radon)
    mcmc.print_summary()
