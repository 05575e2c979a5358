"""Breakdowns of 110 buses in a year, by how many thousands of kilometres each was driven."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(1305)
driven = rng.gamma(4, 10, size=110)
expected = driven * np.exp(rng.normal(-2.7, 0.5, size=110))
breakdowns = rng.poisson(expected * rng.gamma(5, 1 / 5, size=110))


def model(driven, breakdowns=None):
    mu = numpyro.sample("mu", dist.Normal(-3, 1))
    raw_tau = numpyro.sample("raw_tau", dist.Normal(-0.5, 1))
    concentration = numpyro.sample("concentration", dist.Gamma(4, 0.5))
    with numpyro.plate("buses", len(driven)):
        log_rate = numpyro.sample("log_rate", dist.Normal(mu, jax.nn.softplus(raw_tau)))
        numpyro.sample(
            "breakdowns",
            dist.NegativeBinomial2(driven * jnp.exp(log_rate), concentration),
            obs=breakdowns,
        )


arguments = (driven,)
keywords = {"breakdowns": breakdowns}
SITE = "log_rate"
COMPARED = ("mu", "raw_tau", "concentration", "log_rate")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    mean = driven * np.exp(at["log_rate"])
    information = mean * at["concentration"] / (mean + at["concentration"])
    return information / (information + 1 / np.log1p(np.exp(at["raw_tau"])) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), driven, breakdowns=breakdowns)
    mcmc.print_summary()
