"""Hedgehogs seen or not in gardens of fourteen towns: how much the size of a garden tells."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

rng = np.random.default_rng(4101)
gardens = rng.integers(6, 60, size=14)
town = np.repeat(np.arange(14), gardens)
size = rng.normal(0, 1, size=len(town))
start, slope = rng.normal(-0.8, 0.6, size=14), rng.normal(0.7, 0.35, size=14)
seen = rng.binomial(1, 1 / (1 + np.exp(-start[town] - slope[town] * size)))


def model(town, size, seen=None):
    mean_start = numpyro.sample("mean_start", dist.Normal(0, 1.5))
    mean_slope = numpyro.sample("mean_slope", dist.Normal(0, 1))
    sd_start = numpyro.sample("sd_start", dist.HalfNormal(1))
    sd_slope = numpyro.sample("sd_slope", dist.HalfNormal(1))
    with numpyro.plate("towns", 14):
        start = numpyro.sample("start", dist.Normal(mean_start, sd_start))
        slope = numpyro.sample("slope", dist.Normal(mean_slope, sd_slope))
    with numpyro.plate("gardens", len(town)):
        logits = start[town] + slope[town] * size
        numpyro.sample("seen", dist.Bernoulli(logits=logits), obs=seen)


arguments = (town, size)
keywords = {"seen": seen}
SITE = "slope"
COMPARED = ("mean_start", "mean_slope", "sd_start", "sd_slope", "slope")
centred = model
decentred = handlers.reparam(model, config={SITE: LocScaleReparam(0)})


def kappa(at):
    share = 1 / (1 + np.exp(-at["start"][town] - at["slope"][town] * size))
    information = np.bincount(town, share * (1 - share) * size**2)
    return information / (information + 1 / at["sd_slope"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), town, size, seen=seen)
    mcmc.print_summary()
