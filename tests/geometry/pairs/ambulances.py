"""Calls of ambulances in 25 districts over six months, with heat and population."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(104)
district, month = (each.ravel() for each in np.indices((25, 6)))
population = rng.uniform(2, 9, size=25)  # thousands
heat = rng.normal(size=6)
log_risk = -1.8 + 0.5 * rng.normal(size=25)
calls = rng.poisson(population[district] * np.exp(log_risk[district] + 0.2 * heat[month]))


def model(district, log_population, heat, calls=None):
    alpha = numpyro.sample("alpha", dist.Normal(0, 3))
    beta = numpyro.sample("beta", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.Exponential(1.0))
    with numpyro.plate("districts", 25):
        risk = numpyro.sample("risk", dist.Normal(0, tau))
    with numpyro.plate("rows", len(district)):
        log_rate = alpha + risk[district] + beta * heat + log_population
        numpyro.sample("calls", dist.Poisson(jnp.exp(log_rate)), obs=calls)


arguments = (district, np.log(population)[district], heat[month])
keywords = {"calls": calls}
SITE = "risk"
COMPARED = ("alpha", "beta", "tau", "risk")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    rate = np.exp(at["alpha"] + at["risk"][district] + at["beta"] * heat[month])
    information = np.bincount(district, population[district] * rate)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), *arguments, calls=calls)
    mcmc.print_summary()
