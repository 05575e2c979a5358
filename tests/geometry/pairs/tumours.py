"""Tumours in forty groups of twenty rats."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(12)
rats = np.full(40, 20)
tumours = rng.binomial(rats, 1 / (1 + np.exp(1.7 - 0.9 * rng.normal(size=40))))


def model(rats, tumours=None):
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with numpyro.plate("groups", len(rats)):
        logit = numpyro.sample("logit", dist.Normal(mu, tau))
        numpyro.sample("tumours", dist.Binomial(rats, logits=logit), obs=tumours)


arguments = (rats,)
keywords = {"tumours": tumours}
SITE = "logit"
COMPARED = ("mu", "tau", "logit")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    p = 1 / (1 + np.exp(-at["logit"]))
    information = rats * p * (1 - p)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), rats, tumours=tumours)
    mcmc.print_summary()
