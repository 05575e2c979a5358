"""Passengers of 25 tram lines on twenty days, hundreds a day, decentred by the handler."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(210)
line = np.repeat(np.arange(25), 20)
usual = np.exp(5 + 0.6 * rng.normal(size=25))[line]
passengers = rng.poisson(rng.gamma(8, usual / 8))


@handlers.reparam(config={"demand": LocScaleReparam(0)})
def model(line, passengers=None):
    mu = numpyro.sample("mu", dist.Normal(4, 2))
    tau = numpyro.sample("tau", dist.InverseGamma(3, 1))
    concentration = numpyro.sample("concentration", dist.Gamma(2, 0.2))
    with numpyro.plate("lines", 25):
        demand = numpyro.sample("demand", dist.Normal(mu, tau))
    with numpyro.plate("days", len(line)):
        counts = dist.NegativeBinomial2(jnp.exp(demand[line]), concentration)
        numpyro.sample("passengers", counts, obs=passengers)


arguments = (line,)
keywords = {"passengers": passengers}
SITE = "demand"
COMPARED = ("mu", "tau", "concentration", "demand")
centred = model.fn
decentred = model


def kappa(at):
    mean = np.exp(at["demand"])
    information = np.bincount(line) * mean / (1 + mean / at["concentration"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), line, passengers=passengers)
    mcmc.print_summary()
