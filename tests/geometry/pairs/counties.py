"""Cases in a hundred counties with tens of thousands of inhabitants."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(7)
people = rng.uniform(2e4, 1e5, size=100)
cases = rng.poisson(people * np.exp(-5.5 + 0.4 * rng.normal(size=100)))


def model(people, cases=None):
    mu = numpyro.sample("mu", dist.Normal(-5, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("counties", len(people)):
        log_rate = numpyro.sample("log_rate", dist.Normal(mu, tau))
        numpyro.sample("cases", dist.Poisson(people * jnp.exp(log_rate)), obs=cases)


arguments = (people,)
keywords = {"cases": cases}
SITE = "log_rate"
COMPARED = ("mu", "tau", "log_rate")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = people * np.exp(at["log_rate"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), people, cases=cases)
    mcmc.print_summary()
