"""Log rents a square metre in 240 quarters of towns, one to six flats each, some far off."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(715)
flats = rng.integers(1, 7, size=240)
quarter = np.repeat(np.arange(240), flats)
distance = rng.gamma(2.0, 1.5, size=240) - 3.0  # kilometres from the centre, less three
true_rent = 2.5 - 0.05 * distance + 0.15 * rng.normal(size=240)
log_rent = true_rent[quarter] + 0.17 * rng.standard_t(4, size=len(quarter))


def priors():
    alpha = numpyro.sample("alpha", dist.Normal(2.5, 1))
    by_distance = numpyro.sample("by_distance", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    return alpha, by_distance, tau, sigma


def model(quarter, distance, log_rent=None):
    alpha, by_distance, tau, sigma = priors()
    with numpyro.plate("quarters", len(distance)):
        z = numpyro.sample("z", dist.Normal(0, 1))
        rent = numpyro.deterministic("rent", alpha + by_distance * distance + tau * z)
    with numpyro.plate("flats", len(quarter)):
        numpyro.sample("log_rent", dist.StudentT(4, rent[quarter], sigma), obs=log_rent)


def centred(quarter, distance, log_rent=None):
    alpha, by_distance, tau, sigma = priors()
    with numpyro.plate("quarters", len(distance)):
        rent = numpyro.sample("rent", dist.Normal(alpha + by_distance * distance, tau))
    with numpyro.plate("flats", len(quarter)):
        numpyro.sample("log_rent", dist.StudentT(4, rent[quarter], sigma), obs=log_rent)


arguments = (quarter, distance)
keywords = {"log_rent": log_rent}
SITE = "rent"
COMPARED = ("alpha", "by_distance", "tau", "sigma", "rent")
decentred = model


def kappa(at):
    # A Student's t of 4 tells 5/7 of a Normal.
    information = 5 / 7 * flats / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), quarter, distance, log_rent=log_rent)
    mcmc.print_summary()
