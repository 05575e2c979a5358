"""Hits of eighteen batters in their first 45 times at bat (Efron and Morris, 1975)."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

hits = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
at_bats = np.full(18, 45)


def model(at_bats, hits=None):
    mu = numpyro.sample("mu", dist.Normal(-1, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("batters", len(at_bats)):
        skill = numpyro.sample("skill", dist.Normal(mu, tau))
        numpyro.sample("hits", dist.Binomial(at_bats, logits=skill), obs=hits)


arguments = (at_bats,)
keywords = {"hits": hits}
SITE = "skill"
COMPARED = ("mu", "tau", "skill")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    p = 1 / (1 + np.exp(-at["skill"]))
    information = at_bats * p * (1 - p)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), at_bats, hits=hits)
    mcmc.print_summary()
