"""How long outages last at 34 exchanges, three to 25 each: what exchanges differ by, as a log."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(704)
outages = rng.integers(3, 26, size=34)
exchange = np.repeat(np.arange(34), outages)
at_night = rng.binomial(1, 0.4, size=len(exchange))
mean = np.exp(1.1 + 0.4 * rng.normal(size=34)[exchange] + 0.5 * at_night)
hours = rng.gamma(1.4, mean / 1.4)


def model(exchange, at_night, hours=None):
    mu = numpyro.sample("mu", dist.Normal(1, 1))
    by_night = numpyro.sample("by_night", dist.Normal(0, 1))
    log_tau = numpyro.sample("log_tau", dist.Normal(-1, 1))
    shape = numpyro.sample("shape", dist.LogNormal(0, 1))
    with numpyro.plate("exchanges", 34):
        log_hours = numpyro.sample("log_hours", dist.Normal(mu, jnp.exp(log_tau)))
    with numpyro.plate("outages", len(exchange)):
        mean = jnp.exp(log_hours[exchange] + by_night * at_night)
        numpyro.sample("hours", dist.Gamma(shape, shape / mean), obs=hours)


arguments = (exchange, at_night)
keywords = {"hours": hours}
SITE = "log_hours"
COMPARED = ("mu", "by_night", "log_tau", "shape", "log_hours")
centred = model
decentred = handlers.reparam(model, config={"log_hours": LocScaleReparam(0)})


def kappa(at):
    information = outages * at["shape"]
    return information / (information + np.exp(-2 * at["log_tau"]))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), exchange, at_night, hours=hours)
    mcmc.print_summary()
