"""Nests of penguins that raise a chick, in sixteen colonies of six to four hundred nests."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

nests = np.array([6, 9, 11, 14, 18, 22, 25, 31, 40, 52, 66, 85, 120, 190, 260, 400])
visitors = np.array([0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0])
rng = np.random.default_rng(702)
logit = 0.5 - 0.4 * visitors + 0.5 * rng.normal(size=16)
raised = rng.binomial(nests, 1 / (1 + np.exp(-logit)))


def model(nests, visitors, raised=None):
    alpha = numpyro.sample("alpha", dist.Normal(0, 1.5))
    by_visitors = numpyro.sample("by_visitors", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("colonies", len(nests)):
        success = numpyro.sample("success", dist.Normal(alpha + by_visitors * visitors, tau))
        numpyro.sample("raised", dist.Binomial(nests, logits=success), obs=raised)


arguments = (nests, visitors)
keywords = {"raised": raised}
SITE = "success"
COMPARED = ("alpha", "by_visitors", "tau", "success")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = 1 / (1 + np.exp(-at["success"]))
    information = nests * share * (1 - share)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), nests, visitors, raised=raised)
    mcmc.print_summary()
