"""Which nests of turtles foxes dig up, on forty beaches of one to eight nests, some of them lit."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam
from scipy.special import expit

rng = np.random.default_rng(812)
beach = np.repeat(np.arange(40), rng.integers(1, 9, size=40))
lit = rng.binomial(1, 0.4, size=40).astype(float)
truth = -0.6 - 0.7 * lit + 0.8 * rng.normal(size=40)
dug_up = rng.binomial(1, expit(truth[beach]))


def model(beach, lit, dug_up=None):
    alpha = numpyro.sample("alpha", dist.Normal(0, 1.5))
    beta = numpyro.sample("beta", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1.5))
    with numpyro.plate("beaches", len(lit)):
        risk = numpyro.sample("risk", dist.Normal(alpha + beta * lit, tau))
    with numpyro.plate("nests", len(beach)):
        numpyro.sample("dug_up", dist.Bernoulli(logits=risk[beach]), obs=dug_up)


arguments = (beach, lit)
keywords = {"dug_up": dug_up}
SITE = "risk"
COMPARED = ("alpha", "beta", "tau", "risk")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = expit(at["risk"])
    information = np.bincount(beach) * share * (1 - share)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), beach, lit, dug_up=dug_up)
    mcmc.print_summary()
