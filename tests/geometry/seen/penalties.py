"""Penalty kicks scored in seven leagues, a thousand or more in each, decentred by hand."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(1304)
kicks = rng.integers(900, 2600, size=7)
scored = rng.binomial(kicks, 1 / (1 + np.exp(-rng.normal(1.2, 0.2, size=7))))


def model(kicks, scored=None):
    mu = numpyro.sample("mu", dist.Normal(1, 1))
    log_tau = numpyro.sample("log_tau", dist.Normal(-1.5, 1))
    with numpyro.plate("leagues", len(kicks)):
        z = numpyro.sample("z", dist.Normal(0, 1))
        logit = numpyro.deterministic("logit", mu + jnp.exp(log_tau) * z)
        numpyro.sample("scored", dist.Binomial(kicks, logits=logit), obs=scored)


def centred(kicks, scored=None):
    mu = numpyro.sample("mu", dist.Normal(1, 1))
    log_tau = numpyro.sample("log_tau", dist.Normal(-1.5, 1))
    with numpyro.plate("leagues", len(kicks)):
        logit = numpyro.sample("logit", dist.Normal(mu, jnp.exp(log_tau)))
        numpyro.sample("scored", dist.Binomial(kicks, logits=logit), obs=scored)


arguments = (kicks,)
keywords = {"scored": scored}
SITE = "logit"
COMPARED = ("mu", "log_tau", "logit")
decentred = model


def kappa(at):
    p = 1 / (1 + np.exp(-at["logit"]))
    information = kicks * p * (1 - p)
    return information / (information + 1 / np.exp(at["log_tau"]) ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), kicks, scored=scored)
    mcmc.print_summary()
