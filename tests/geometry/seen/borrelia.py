"""Ticks that carry Borrelia at eighty sites, of three to nine that were tested at each."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4104)
tested = rng.integers(3, 10, size=80)
infected = rng.binomial(tested, 1 / (1 + np.exp(-rng.normal(-1.4, 0.7, size=80))))


def model(tested, infected=None):
    mu = numpyro.sample("mu", dist.Normal(-1, 1.5))
    log_tau = numpyro.sample("log_tau", dist.Normal(-0.5, 0.7))
    with numpyro.plate("sites", 80):
        odds = numpyro.sample("odds", dist.Normal(mu, jnp.exp(log_tau)))
        numpyro.sample("infected", dist.Binomial(tested, logits=odds), obs=infected)


arguments = (tested,)
keywords = {"infected": infected}
SITE = "odds"
COMPARED = ("mu", "log_tau", "odds")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    chance = 1 / (1 + np.exp(-at["odds"]))
    information = tested * chance * (1 - chance)
    return information / (information + np.exp(-2 * at["log_tau"]))


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), tested, infected=infected)
    mcmc.print_summary()
