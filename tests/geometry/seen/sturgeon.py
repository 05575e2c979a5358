"""The lengths of 25 sturgeons caught two to six times each: von Bertalanffy's growth."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(820)
fish = np.repeat(np.arange(25), rng.integers(2, 7, size=25))
age = rng.uniform(2, 30, size=len(fish))
true_limit = np.exp(rng.normal(5.1, 0.15, size=25))
cm = (
    true_limit[fish] * (1 - np.exp(-0.09 * (age + 1.5))) * np.exp(0.06 * rng.normal(size=len(fish)))
)


def model(fish, age, cm=None):
    log_limit = numpyro.sample("log_limit", dist.Normal(5, 0.5))
    omega = numpyro.sample("omega", dist.HalfNormal(0.3))
    k = numpyro.sample("k", dist.LogNormal(-2.5, 0.5))
    t0 = numpyro.sample("t0", dist.Normal(-1, 1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.2))
    with numpyro.plate("fish", 25):
        limit = numpyro.sample("limit", dist.LogNormal(log_limit, omega))
    with numpyro.plate("catches", len(fish)):
        grown = -jnp.expm1(-k * jnp.maximum(age - t0, 0.1))
        numpyro.sample("cm", dist.LogNormal(jnp.log(limit[fish] * grown), sigma), obs=cm)


def decentred(fish, age, cm=None):
    log_limit = numpyro.sample("log_limit", dist.Normal(5, 0.5))
    omega = numpyro.sample("omega", dist.HalfNormal(0.3))
    k = numpyro.sample("k", dist.LogNormal(-2.5, 0.5))
    t0 = numpyro.sample("t0", dist.Normal(-1, 1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.2))
    with numpyro.plate("fish", 25):
        eta = numpyro.sample("eta", dist.Normal(0, 1))
        limit = numpyro.deterministic("limit", jnp.exp(log_limit + omega * eta))
    with numpyro.plate("catches", len(fish)):
        grown = -jnp.expm1(-k * jnp.maximum(age - t0, 0.1))
        numpyro.sample("cm", dist.LogNormal(jnp.log(limit[fish] * grown), sigma), obs=cm)


arguments = (fish, age)
keywords = {"cm": cm}
SITE = "limit"
COMPARED = ("log_limit", "omega", "k", "t0", "sigma", "limit")
centred = model


def kappa(at):
    # Of a log of the length that a fish grows to.
    information = np.bincount(fish) / at["sigma"] ** 2
    return information / (information + 1 / at["omega"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), fish, age, cm=cm)
    mcmc.print_summary()
