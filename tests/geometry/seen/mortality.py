"""Deaths in a province by age: the log rate walks over nineteen classes, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(606)
# Deaths a thousand in the first year, up to the age of five, and then by five years.
rate = np.array(
    """
    3.4 0.16 0.08 0.10 0.34 0.50 0.52 0.65 0.85 1.2
    1.9 3.0 4.7 7.3 11.2 18.5 31 56 142
    """.split(),
    dtype=float,
)
thousands = np.array([3.0, 12.5, 16, 16, 15.5, 16] + [17.0] * 7 + [15, 13, 10, 7, 4, 3])
deaths = rng.poisson(thousands * rate)


def model(thousands, deaths=None):
    first = numpyro.sample("first", dist.Normal(1, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    n_ages = len(thousands)
    with numpyro.plate("steps", n_ages):
        step = numpyro.sample("step", dist.Normal(0, 1))
    curve = numpyro.deterministic("curve", tau * jnp.cumsum(step))
    with numpyro.plate("ages", n_ages):
        expected = thousands * jnp.exp(first + curve)
        numpyro.sample("deaths", dist.Poisson(expected), obs=deaths)


def centred(thousands, deaths=None):
    first = numpyro.sample("first", dist.Normal(1, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    n_ages = len(thousands)
    curve = numpyro.sample("curve", dist.GaussianRandomWalk(tau, num_steps=n_ages))
    with numpyro.plate("ages", n_ages):
        expected = thousands * jnp.exp(first + curve)
        numpyro.sample("deaths", dist.Poisson(expected), obs=deaths)


arguments = (thousands,)
keywords = {"deaths": deaths}
SITE = "curve"
COMPARED = ("first", "tau", "curve")
decentred = model


def kappa(at):
    # Of an age, given the one before.
    information = thousands * np.exp(at["first"] + at["curve"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), thousands, deaths=deaths)
    mcmc.print_summary()
