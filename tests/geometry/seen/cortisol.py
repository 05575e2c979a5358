"""Log cortisol in the spit of 45 people up to six times a day: correlated levels and declines."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(505)
person, sample = (each.ravel() for each in np.indices((45, 6)))
hours = np.array([0.5, 2.0, 5.0, 8.0, 11.0, 14.0])[sample] + rng.uniform(-0.3, 0.3, size=270)
given = rng.uniform(size=270) < 0.85  # some forget to spit
person, x = person[given], (hours[given] - 7) / 5
covariance = np.outer([0.35, 0.15], [0.35, 0.15]) * [[1, -0.3], [-0.3, 1]]
truth = rng.multivariate_normal([1.6, -0.7], covariance, size=45)
log_cortisol = rng.normal(truth[person, 0] + truth[person, 1] * x, 0.4)


def model(person, x, log_cortisol=None):
    mean = numpyro.sample("mean", dist.Normal(0, 2).expand([2]).to_event(1))
    sd = numpyro.sample("sd", dist.Exponential(2).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2))
    sigma = numpyro.sample("sigma", dist.Exponential(2))
    with numpyro.plate("people", 45):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
    curve = numpyro.deterministic("curve", mean + z @ (sd[:, None] * corr).T)
    with numpyro.plate("samples", len(person)):
        expected = curve[person, 0] + curve[person, 1] * x
        numpyro.sample("log_cortisol", dist.Normal(expected, sigma), obs=log_cortisol)


def centred(person, x, log_cortisol=None):
    mean = numpyro.sample("mean", dist.Normal(0, 2).expand([2]).to_event(1))
    sd = numpyro.sample("sd", dist.Exponential(2).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2))
    sigma = numpyro.sample("sigma", dist.Exponential(2))
    with numpyro.plate("people", 45):
        tril = sd[:, None] * corr
        curve = numpyro.sample("curve", dist.MultivariateNormal(mean, scale_tril=tril))
    with numpyro.plate("samples", len(person)):
        expected = curve[person, 0] + curve[person, 1] * x
        numpyro.sample("log_cortisol", dist.Normal(expected, sigma), obs=log_cortisol)


arguments = (person, x)
keywords = {"log_cortisol": log_cortisol}
SITE = "curve"
COMPARED = ("mean", "sd", "corr", "sigma", "curve")
decentred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    design = np.stack([np.bincount(person), np.bincount(person, x**2)], axis=1)
    information = design / at["sigma"] ** 2
    return information / (information + 1 / at["sd"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), person, x, log_cortisol=log_cortisol)
    mcmc.print_summary()
