"""Failures of ten pumps in the hours they ran (Gaver and O'Muircheartaigh, 1987)."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

failures = np.array([5, 1, 5, 14, 3, 19, 1, 1, 4, 22])
hours = np.array([94.3, 15.7, 62.9, 126.0, 5.24, 31.4, 1.05, 1.05, 2.1, 10.5])


def model(hours, failures=None):
    mu = numpyro.sample("mu", dist.Normal(-1, 2))
    tau = numpyro.sample("tau", dist.HalfCauchy(1))
    with numpyro.plate("pumps", len(hours)):
        log_rate = numpyro.sample("log_rate", dist.Normal(mu, tau))
        numpyro.sample("failures", dist.Poisson(hours * jnp.exp(log_rate)), obs=failures)


arguments = (hours,)
keywords = {"failures": failures}
SITE = "log_rate"
COMPARED = ("mu", "tau", "log_rate")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = hours * np.exp(at["log_rate"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), hours, failures=failures)
    mcmc.print_summary()
