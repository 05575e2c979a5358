"""Litres blown out in a second by forty patients at yearly visits: where they start and decline."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4109)
patient, visit = (each.ravel() for each in np.indices((40, 6)))
came = rng.random(len(patient)) < 0.85
patient, year = patient[came], visit[came] - 2.5
covariance = np.array([[0.36, -0.008], [-0.008, 0.0016]])
course = rng.multivariate_normal([2.6, -0.06], covariance, size=40)
litres = rng.normal(course[patient, 0] + course[patient, 1] * year, 0.13)


def hyperparameters():
    with numpyro.plate("coefficients", 2):
        mean = numpyro.sample("mean", dist.Normal(jnp.array([2.5, 0.0]), jnp.array([1.0, 0.2])))
        spread = numpyro.sample("spread", dist.HalfNormal(jnp.array([1.0, 0.2])))
    factor = numpyro.sample("factor", dist.LKJCholesky(2, concentration=2))
    return mean, spread[:, None] * factor


def blown(course, patient, year, litres):
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    with numpyro.plate("readings", len(patient)):
        expected = course[patient, 0] + course[patient, 1] * year
        numpyro.sample("litres", dist.Normal(expected, sigma), obs=litres)


def model(patient, year, litres=None):
    mean, tril = hyperparameters()
    with numpyro.plate("patients", 40):
        course = numpyro.sample("course", dist.MultivariateNormal(mean, scale_tril=tril))
    blown(course, patient, year, litres)


def decentred(patient, year, litres=None):
    mean, tril = hyperparameters()
    with numpyro.plate("patients", 40):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        course = numpyro.deterministic("course", mean + z @ tril.T)
    blown(course, patient, year, litres)


arguments = (patient, year)
keywords = {"litres": litres}
SITE = "course"
COMPARED = ("mean", "spread", "factor", "sigma", "course")
centred = model


def kappa(at):
    each = np.stack([np.bincount(patient), np.bincount(patient, year**2)], axis=1)
    information = each / at["sigma"] ** 2
    return information / (information + 1 / at["spread"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), patient, year, litres=litres)
    mcmc.print_summary()
