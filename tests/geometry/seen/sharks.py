"""Blue sharks on longlines set from fifteen ports, one of which sets most of the lines."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(801)
sets = np.array([200, 46, 31, 22, 15, 12, 9, 8, 6, 5, 4, 3, 2, 2, 2])
port = np.repeat(np.arange(15), sets)
hooks = rng.integers(6, 25, size=len(port)) / 10  # thousands
expected = hooks * np.exp(1.1 + 0.5 * rng.normal(size=15)[port])
sharks = rng.negative_binomial(1.8, 1.8 / (1.8 + expected))


def model(port, hooks, sharks=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfCauchy(1))
    concentration = numpyro.sample("concentration", dist.Exponential(0.5))
    with numpyro.plate("ports", 15):
        z = numpyro.sample("z", dist.Normal(0, 1))
        log_rate = numpyro.deterministic("log_rate", mu + tau * z)
    with numpyro.plate("sets", len(port)):
        mean = hooks * jnp.exp(log_rate[port])
        numpyro.sample("sharks", dist.NegativeBinomial2(mean, concentration), obs=sharks)


def centred(port, hooks, sharks=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfCauchy(1))
    concentration = numpyro.sample("concentration", dist.Exponential(0.5))
    with numpyro.plate("ports", 15):
        log_rate = numpyro.sample("log_rate", dist.Normal(mu, tau))
    with numpyro.plate("sets", len(port)):
        mean = hooks * jnp.exp(log_rate[port])
        numpyro.sample("sharks", dist.NegativeBinomial2(mean, concentration), obs=sharks)


arguments = (port, hooks)
keywords = {"sharks": sharks}
SITE = "log_rate"
COMPARED = ("mu", "tau", "concentration", "log_rate")
decentred = model


def kappa(at):
    mean = hooks * np.exp(at["log_rate"][port])
    information = np.bincount(port, mean / (1 + mean / at["concentration"]))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), port, hooks, sharks=sharks)
    mcmc.print_summary()
