"""Rare complications of two hundred surgeons, of whom some have not operated yet."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(608)
operations = rng.negative_binomial(1.2, 1.2 / (1.2 + 16), size=200)
logit = -3.1 + 0.4 * rng.normal(size=200)
complications = rng.binomial(operations, 1 / (1 + np.exp(-logit)))


def model(operations, complications=None):
    mu = numpyro.sample("mu", dist.Normal(-3, 1))
    tau = numpyro.sample("tau", dist.HalfCauchy(1))
    with numpyro.plate("surgeons", len(operations)):
        risk = numpyro.sample("risk", dist.Normal(mu, tau))
        numpyro.sample("complications", dist.Binomial(operations, logits=risk), obs=complications)


arguments = (operations,)
keywords = {"complications": complications}
SITE = "risk"
COMPARED = ("mu", "tau", "risk")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = 1 / (1 + np.exp(-at["risk"]))
    information = operations * share * (1 - share)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), operations, complications=complications)
    mcmc.print_summary()
