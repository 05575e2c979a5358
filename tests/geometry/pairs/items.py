"""Sixty pupils answer fifteen items: abilities and difficulties are crossed."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(14)
pupil, item = (each.ravel() for each in np.indices((60, 15)))
logit = rng.normal(size=60)[pupil] - rng.normal(0.5, 1.2, size=15)[item]
correct = rng.binomial(1, 1 / (1 + np.exp(-logit)))


def model(pupil, item, correct=None):
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    mean_difficulty = numpyro.sample("mean_difficulty", dist.Normal(0, 1))
    spread = numpyro.sample("spread", dist.HalfNormal(2))
    with numpyro.plate("pupils", 60):
        ability = numpyro.sample("ability", dist.Normal(0, tau))
    with numpyro.plate("items", 15):
        difficulty = numpyro.sample("difficulty", dist.Normal(mean_difficulty, spread))
    with numpyro.plate("answers", len(pupil)):
        logits = ability[pupil] - difficulty[item]
        numpyro.sample("correct", dist.Bernoulli(logits=logits), obs=correct)


arguments = (pupil, item)
keywords = {"correct": correct}
SITE = "ability"
COMPARED = ("tau", "mean_difficulty", "spread", "ability")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    p = 1 / (1 + np.exp(at["difficulty"][item] - at["ability"][pupil]))
    information = np.bincount(pupil, p * (1 - p))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), pupil, item, correct=correct)
    mcmc.print_summary()
