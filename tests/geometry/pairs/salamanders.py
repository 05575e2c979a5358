"""Which of 120 pairs of salamanders mate: twenty females, twenty males, decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(311)
female = np.repeat(np.arange(20), 6)
male = np.concatenate([rng.permutation(20) for _ in range(6)])
cross = 2 * (female >= 10) + (male >= 10)
logit = np.array([1.0, 0.3, -1.9, 1.0])[cross]
logit = logit + rng.normal(0, 1.1, size=20)[female] + rng.normal(0, 1.0, size=20)[male]
mated = rng.binomial(1, 1 / (1 + np.exp(-logit)))


def model(female, male, cross, mated=None):
    beta = numpyro.sample("beta", dist.Normal(0, 2).expand([4]).to_event(1))
    sd_female = numpyro.sample("sd_female", dist.HalfNormal(1.5))
    sd_male = numpyro.sample("sd_male", dist.HalfNormal(1.5))
    with numpyro.plate("females", 20):
        z_female = numpyro.sample("z_female", dist.Normal())
    with numpyro.plate("males", 20):
        z_male = numpyro.sample("z_male", dist.Normal())
    of_female = numpyro.deterministic("of_female", sd_female * z_female)
    of_male = numpyro.deterministic("of_male", sd_male * z_male)
    with numpyro.plate("pairs", len(female)):
        logits = beta[cross] + of_female[female] + of_male[male]
        numpyro.sample("mated", dist.Bernoulli(logits=logits), obs=mated)


def centred(female, male, cross, mated=None):
    beta = numpyro.sample("beta", dist.Normal(0, 2).expand([4]).to_event(1))
    sd_female = numpyro.sample("sd_female", dist.HalfNormal(1.5))
    sd_male = numpyro.sample("sd_male", dist.HalfNormal(1.5))
    with numpyro.plate("females", 20):
        of_female = numpyro.sample("of_female", dist.Normal(0, sd_female))
    with numpyro.plate("males", 20):
        z_male = numpyro.sample("z_male", dist.Normal())
    of_male = numpyro.deterministic("of_male", sd_male * z_male)
    with numpyro.plate("pairs", len(female)):
        logits = beta[cross] + of_female[female] + of_male[male]
        numpyro.sample("mated", dist.Bernoulli(logits=logits), obs=mated)


arguments = (female, male, cross)
keywords = {"mated": mated}
SITE = "of_female"
COMPARED = ("beta", "sd_female", "sd_male", "of_female", "of_male")
decentred = model


def kappa(at):
    logit = at["beta"][cross] + at["of_female"][female] + at["of_male"][male]
    share = 1 / (1 + np.exp(-logit))
    information = np.bincount(female, share * (1 - share))
    return information / (information + 1 / at["sd_female"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), female, male, cross, mated=mated)
    mcmc.print_summary()
