"""How the kidneys of seventy patients fail: a start and a slope of each, decentred by hand."""

from functools import partial

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(402)
n_patients = 70
visits = rng.integers(2, 8, size=n_patients)
patient = np.repeat(np.arange(n_patients), visits)
years = np.concatenate([np.sort(rng.uniform(0, 5, size=each)) for each in visits])
diabetic = rng.binomial(1, 0.35, size=n_patients)
start = 52 + 11 * rng.normal(size=n_patients)
slope = -1.8 - 1.5 * diabetic + 1.2 * rng.normal(size=n_patients)
egfr = rng.normal(start[patient] + slope[patient] * years, 4.5)


def build(patient, years, diabetic, egfr=None, centre_slopes=False):
    mu_start = numpyro.sample("mu_start", dist.Normal(50, 20))
    mu_slope = numpyro.sample("mu_slope", dist.Normal(0, 5))
    b_diabetic = numpyro.sample("b_diabetic", dist.Normal(0, 3))
    sd_start = numpyro.sample("sd_start", dist.HalfNormal(15))
    sd_slope = numpyro.sample("sd_slope", dist.HalfNormal(3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(10))
    with numpyro.plate("patients", len(diabetic)):
        start = numpyro.sample("start", dist.Normal(mu_start, sd_start))
        expected = mu_slope + b_diabetic * diabetic
        if centre_slopes:
            slope = numpyro.sample("slope", dist.Normal(expected, sd_slope))
        else:
            raw = numpyro.sample("slope_raw", dist.Normal(0, 1))
            slope = numpyro.deterministic("slope", expected + sd_slope * raw)
    with numpyro.plate("visits", len(patient)):
        numpyro.sample(
            "egfr", dist.Normal(start[patient] + slope[patient] * years, sigma), obs=egfr
        )


arguments = (patient, years, diabetic)
keywords = {"egfr": egfr}
SITE = "slope"
COMPARED = (
    "mu_start",
    "mu_slope",
    "b_diabetic",
    "sd_start",
    "sd_slope",
    "sigma",
    "start",
    "slope",
)
model = decentred = build
centred = partial(build, centre_slopes=True)


def kappa(at):
    # Of a slope whose patient's start is not known but by the visits.
    means = np.bincount(patient, years) / visits
    squares = np.bincount(patient, (years - means[patient]) ** 2)
    information = squares / at["sigma"] ** 2
    return information / (information + 1 / at["sd_slope"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), patient, years, diabetic, egfr=egfr)
    mcmc.print_summary()
