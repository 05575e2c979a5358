"""Apples with scab in samples from thirty orchards, about four each: LogNormal rates."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(218)
crates = rng.integers(1, 5, size=30)
scabbed = rng.poisson(crates * np.exp(0.5 + 0.5 * rng.normal(size=30)))


def model(crates, scabbed=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("orchards", 30):
        rate = numpyro.sample("rate", dist.LogNormal(mu, tau))
        numpyro.sample("scabbed", dist.Poisson(crates * rate), obs=scabbed)


def decentred(crates, scabbed=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("orchards", 30):
        z = numpyro.sample("z", dist.Normal(0, 1))
        rate = numpyro.deterministic("rate", jnp.exp(mu + tau * z))
        numpyro.sample("scabbed", dist.Poisson(crates * rate), obs=scabbed)


arguments = (crates,)
keywords = {"scabbed": scabbed}
SITE = "rate"
COMPARED = ("mu", "tau", "rate")
centred = model


def kappa(at):
    # Of the log of a rate.
    information = crates * at["rate"]
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), crates, scabbed=scabbed)
    mcmc.print_summary()
