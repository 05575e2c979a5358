"""Which of their cases 22 judges of asylum grant, 200 of one judge and two of another."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS
from scipy.special import expit

rng = np.random.default_rng(816)
cases = np.array([200, 64, 41, 33, 25, 20, 16, 14, 11, 10, 8, 7, 6, 5, 5, 4, 4, 3, 3, 2, 2, 2])
judge = np.repeat(np.arange(22), cases)
lawyer = rng.binomial(1, 0.6, size=len(judge)).astype(float)
truth = -1.2 + 0.9 * rng.normal(size=22)
granted = rng.binomial(1, expit(truth[judge] + 0.8 * lawyer))


def model(judge, lawyer, granted=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1.5))
    by_lawyer = numpyro.sample("by_lawyer", dist.Normal(0, 1))
    sd_judge = numpyro.sample("sd_judge", dist.HalfNormal(1))
    with numpyro.plate("judges", 22):
        mildness_raw = numpyro.sample("mildness_raw", dist.Normal(0, 1))
    mildness = numpyro.deterministic("mildness", mildness_raw * sd_judge)
    with numpyro.plate("cases", len(judge)):
        logits = mu + mildness[judge] + by_lawyer * lawyer
        numpyro.sample("granted", dist.Bernoulli(logits=logits), obs=granted)


def centred(judge, lawyer, granted=None):
    mu = numpyro.sample("mu", dist.Normal(0, 1.5))
    by_lawyer = numpyro.sample("by_lawyer", dist.Normal(0, 1))
    sd_judge = numpyro.sample("sd_judge", dist.HalfNormal(1))
    with numpyro.plate("judges", 22):
        mildness = numpyro.sample("mildness", dist.Normal(0, sd_judge))
    with numpyro.plate("cases", len(judge)):
        logits = mu + mildness[judge] + by_lawyer * lawyer
        numpyro.sample("granted", dist.Bernoulli(logits=logits), obs=granted)


arguments = (judge, lawyer)
keywords = {"granted": granted}
SITE = "mildness"
COMPARED = ("mu", "by_lawyer", "sd_judge", "mildness")
decentred = model


def kappa(at):
    share = expit(at["mu"] + at["mildness"][judge] + at["by_lawyer"] * lawyer)
    information = np.bincount(judge, share * (1 - share))
    return information / (information + 1 / at["sd_judge"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), judge, lawyer, granted=granted)
    mcmc.print_summary()
