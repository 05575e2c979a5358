"""Returns of a share in 150 weeks, whose log variance is an AR(1), decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(508)
log_variance = np.empty(150)
last = 1.2
for week in range(150):
    last = log_variance[week] = 1.2 + 0.93 * (last - 1.2) + 0.3 * rng.normal()
returns = rng.normal(0, np.exp(log_variance / 2))  # per cent


def model(returns):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    phi = numpyro.sample("phi", dist.Beta(10, 1.5))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))

    def week(last, returned):
        z = numpyro.sample("z", dist.Normal(0, 1))
        h = numpyro.deterministic("h", mu + phi * (last - mu) + tau * z)
        numpyro.sample("return", dist.Normal(0, jnp.exp(h / 2)), obs=returned)
        return h, None

    scan(week, mu, returns)


def centred(returns):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    phi = numpyro.sample("phi", dist.Beta(10, 1.5))
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))

    def week(last, returned):
        h = numpyro.sample("h", dist.Normal(mu + phi * (last - mu), tau))
        numpyro.sample("return", dist.Normal(0, jnp.exp(h / 2)), obs=returned)
        return h, None

    scan(week, mu, returns)


arguments = (returns,)
keywords = {}
SITE = "h"
COMPARED = ("mu", "phi", "tau", "h")
decentred = model


def kappa(at):
    # Of a log variance, given the one before: a return tells 1 / 2 of it.
    information = np.full(150, 0.5)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), returns)
    mcmc.print_summary()
