"""Visitors of twenty shops who buy, hundreds a shop, decentred by hand with a softplus scale."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import nn, random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(202)
visitors = rng.integers(300, 901, size=20)
buyers = rng.binomial(visitors, 1 / (1 + np.exp(2.5 - 0.5 * rng.normal(size=20))))


def model(visitors, buyers=None):
    mu = numpyro.sample("mu", dist.Normal(-2, 1))
    raw = numpyro.sample("raw", dist.Normal(0, 1))
    tau = numpyro.deterministic("tau", nn.softplus(raw))
    with numpyro.plate("shops", 20):
        z = numpyro.sample("z", dist.Normal(0, 1))
        appeal = numpyro.deterministic("appeal", mu + tau * z)
        numpyro.sample("buyers", dist.Binomial(visitors, logits=appeal), obs=buyers)


def centred(visitors, buyers=None):
    mu = numpyro.sample("mu", dist.Normal(-2, 1))
    raw = numpyro.sample("raw", dist.Normal(0, 1))
    tau = numpyro.deterministic("tau", nn.softplus(raw))
    with numpyro.plate("shops", 20):
        appeal = numpyro.sample("appeal", dist.Normal(mu, tau))
        numpyro.sample("buyers", dist.Binomial(visitors, logits=appeal), obs=buyers)


arguments = (visitors,)
keywords = {"buyers": buyers}
SITE = "appeal"
COMPARED = ("mu", "tau", "appeal")
decentred = model


def kappa(at):
    share = 1 / (1 + np.exp(-at["appeal"]))
    information = visitors * share * (1 - share)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), visitors, buyers=buyers)
    mcmc.print_summary()
