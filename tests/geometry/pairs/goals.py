"""Goals of fifty players in seasons of different lengths."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(43)
matches = rng.integers(5, 35, size=50)
goals = rng.poisson(matches * np.exp(-1.8 + 0.6 * rng.normal(size=50)))


def model(matches, goals=None):
    mu = numpyro.sample("mu", dist.Normal(-1, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("players", len(matches)):
        log_rate = numpyro.sample("log_rate", dist.Normal(mu, tau))
        numpyro.sample("goals", dist.Poisson(matches * jnp.exp(log_rate)), obs=goals)


arguments = (matches,)
keywords = {"goals": goals}
SITE = "log_rate"
COMPARED = ("mu", "tau", "log_rate")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    information = matches * np.exp(at["log_rate"])
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), matches, goals=goals)
    mcmc.print_summary()
