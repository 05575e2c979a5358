"""Kilometres to the litre of sixty cars from eighteen of their properties: a horseshoe."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(4106)
traits = rng.normal(size=(60, 18)) + 0.6 * rng.normal(size=(60, 1))
traits = (traits - traits.mean(0)) / traits.std(0)
weights = np.zeros(18)
weights[[0, 4, 11]] = -2.1, 1.2, -0.6
mileage = 13.5 + traits @ weights + 1.1 * rng.normal(size=60)


def model(traits, mileage=None):
    intercept = numpyro.sample("intercept", dist.Normal(12, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(3))
    with numpyro.plate("traits", traits.shape[1]):
        scale = numpyro.sample("scale", dist.HalfCauchy(1))
        z = numpyro.sample("z", dist.Normal(0, 1))
    weight = numpyro.deterministic("weight", z * scale * tau)
    with numpyro.plate("cars", len(traits)):
        numpyro.sample("mileage", dist.Normal(intercept + traits @ weight, sigma), obs=mileage)


def centred(traits, mileage=None):
    intercept = numpyro.sample("intercept", dist.Normal(12, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(0.2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(3))
    with numpyro.plate("traits", traits.shape[1]):
        scale = numpyro.sample("scale", dist.HalfCauchy(1))
        weight = numpyro.sample("weight", dist.Normal(0, scale * tau))
    with numpyro.plate("cars", len(traits)):
        numpyro.sample("mileage", dist.Normal(intercept + traits @ weight, sigma), obs=mileage)


arguments = (traits,)
keywords = {"mileage": mileage}
SITE = "weight"
COMPARED = ("intercept", "tau", "sigma", "scale", "weight")
decentred = model


def kappa(at):
    information = (traits**2).sum(0) / at["sigma"] ** 2
    return information / (information + 1 / (at["scale"] * at["tau"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), traits, mileage=mileage)
    mcmc.print_summary()
