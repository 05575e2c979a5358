"""Triglycerides of ninety people and twenty genera of their microbes: a horseshoe, by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(708)
genera = rng.normal(size=(90, 20))
beta = np.zeros(20)
beta[[2, 7, 11, 16]] = 0.6, -0.45, 0.3, 0.2
triglycerides = rng.normal(genera @ beta, 0.8)


def model(genera, triglycerides=None):
    n, p = genera.shape
    intercept = numpyro.sample("intercept", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    lambdas = numpyro.sample("lambdas", dist.HalfCauchy(1).expand([p]).to_event(1))
    beta = numpyro.sample("beta", dist.Normal(0, tau * lambdas).to_event(1))
    with numpyro.plate("people", n):
        mean = intercept + genera @ beta
        numpyro.sample("triglycerides", dist.Normal(mean, sigma), obs=triglycerides)


def decentred(genera, triglycerides=None):
    n, p = genera.shape
    intercept = numpyro.sample("intercept", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    lambdas = numpyro.sample("lambdas", dist.HalfCauchy(1).expand([p]).to_event(1))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([p]).to_event(1))
    beta = numpyro.deterministic("beta", tau * lambdas * z)
    with numpyro.plate("people", n):
        mean = intercept + genera @ beta
        numpyro.sample("triglycerides", dist.Normal(mean, sigma), obs=triglycerides)


arguments = (genera,)
keywords = {"triglycerides": triglycerides}
SITE = "beta"
COMPARED = ("intercept", "tau", "sigma", "lambdas", "beta")
centred = model


def kappa(at):
    # Of a coefficient, all others being known.
    information = np.sum(genera**2, axis=0) / at["sigma"] ** 2
    return information / (information + 1 / (at["tau"] * at["lambdas"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), genera, triglycerides=triglycerides)
    mcmc.print_summary()
