"""Sixty patients at four visits: correlated starts and slopes, measured neither well nor badly."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(53)
person = np.repeat(np.arange(60), 4)
x = np.tile(np.linspace(-1, 1, 4), 60)
covariance = np.outer([0.5, 0.6], [0.5, 0.6]) * [[1, 0.4], [0.4, 1]]
truth = rng.multivariate_normal([1.0, 0.5], covariance, size=60)
pressure = rng.normal(truth[person, 0] + truth[person, 1] * x, 0.7)


def model(person, x, pressure=None):
    loc = numpyro.sample("loc", dist.Normal(0, 5).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(2).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    scale_tril = tau[:, None] * corr
    with numpyro.plate("people", 60):
        effects = numpyro.sample("effects", dist.MultivariateNormal(loc, scale_tril=scale_tril))
    with numpyro.plate("visits", len(person)):
        mean = effects[person, 0] + effects[person, 1] * x
        numpyro.sample("pressure", dist.Normal(mean, sigma), obs=pressure)


def decentred(person, x, pressure=None):
    loc = numpyro.sample("loc", dist.Normal(0, 5).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.HalfNormal(2).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 2.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    scale_tril = tau[:, None] * corr
    with numpyro.plate("people", 60):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        effects = numpyro.deterministic("effects", loc + (scale_tril @ z[..., None])[..., 0])
    with numpyro.plate("visits", len(person)):
        mean = effects[person, 0] + effects[person, 1] * x
        numpyro.sample("pressure", dist.Normal(mean, sigma), obs=pressure)


arguments = (person, x)
keywords = {"pressure": pressure}
SITE = "effects"
COMPARED = ("loc", "tau", "corr", "sigma", "effects")
centred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    design = np.array([4, np.sum(np.linspace(-1, 1, 4) ** 2)])
    information = np.tile(design / at["sigma"] ** 2, (60, 1))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), person, x, pressure=pressure)
    mcmc.print_summary()
