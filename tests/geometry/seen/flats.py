"""Log prices of 130 flats and sixteen things that are told of them: a lasso, by the handler."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(707)
told = rng.normal(size=(130, 16)) + 0.6 * rng.normal(size=(130, 1))
told = (told - told.mean(axis=0)) / told.std(axis=0)
weights = np.array([0.25, 0.12, -0.08, 0.06, 0.05] + [0.0] * 8 + [0.02, -0.03, 0.01])
log_price = rng.normal(12.4 + told @ weights, 0.2)


@handlers.reparam(config={"beta": LocScaleReparam(0)})
def model(told, log_price=None):
    intercept = numpyro.sample("intercept", dist.Normal(12, 1))
    b = numpyro.sample("b", dist.HalfCauchy(0.2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    beta = numpyro.sample("beta", dist.Laplace(0, b).expand([told.shape[1]]).to_event(1))
    with numpyro.plate("flats", told.shape[0]):
        numpyro.sample("log_price", dist.Normal(intercept + told @ beta, sigma), obs=log_price)


arguments = (told,)
keywords = {"log_price": log_price}
SITE = "beta"
COMPARED = ("intercept", "b", "sigma", "beta")
centred = model.fn
decentred = model


def kappa(at):
    # Of a coefficient, all others being known.
    information = np.sum(told**2, axis=0) / at["sigma"] ** 2
    return information / (information + 1 / at["b"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), told, log_price=log_price)
    mcmc.print_summary()
