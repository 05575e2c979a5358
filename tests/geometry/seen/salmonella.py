"""Cases of salmonellosis that a county reports in each of ninety weeks: the log rate walks."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(507)
cases = rng.poisson(np.exp(1.3 + np.cumsum(0.18 * rng.normal(size=90))))


def model(cases):
    start = numpyro.sample("start", dist.Normal(1, 1))
    tau = numpyro.sample("tau", dist.Exponential(5))

    def week(previous, cases):
        log_rate = numpyro.sample("log_rate", dist.Normal(previous, tau))
        numpyro.sample("cases", dist.Poisson(jnp.exp(log_rate)), obs=cases)
        return log_rate, log_rate

    scan(week, start, cases)


def decentred(cases):
    start = numpyro.sample("start", dist.Normal(1, 1))
    tau = numpyro.sample("tau", dist.Exponential(5))

    def week(previous, cases):
        step = numpyro.sample("step", dist.Normal(0, 1))
        log_rate = numpyro.deterministic("log_rate", previous + tau * step)
        numpyro.sample("cases", dist.Poisson(jnp.exp(log_rate)), obs=cases)
        return log_rate, log_rate

    scan(week, start, cases)


arguments = (cases,)
keywords = {}
SITE = "log_rate"
COMPARED = ("start", "tau", "log_rate")
centred = model


def kappa(at):
    # Of a level, given the one before.
    information = np.exp(at["log_rate"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), cases)
    mcmc.print_summary()
