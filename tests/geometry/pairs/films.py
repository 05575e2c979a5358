"""Sixty raters see eight of 25 films each: their leniency is decentred by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(102)
rater = np.repeat(np.arange(60), 8)
film = np.concatenate([rng.choice(25, size=8, replace=False) for _ in range(60)])
rating = rng.normal(6 + rng.normal(size=25)[film] + 0.4 * rng.normal(size=60)[rater], 1.0)


def model(rater, film, rating=None):
    overall = numpyro.sample("overall", dist.Normal(5, 5))
    between_films = numpyro.sample("between_films", dist.HalfNormal(2))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("films", 25):
        quality = numpyro.sample("quality", dist.Normal(overall, between_films))
    with numpyro.plate("raters", 60):
        z = numpyro.sample("z", dist.Normal(0, 1))
        leniency = numpyro.deterministic("leniency", tau * z)
    with numpyro.plate("ratings", len(rater)):
        mean = quality[film] + leniency[rater]
        numpyro.sample("rating", dist.Normal(mean, sigma), obs=rating)


def centred(rater, film, rating=None):
    overall = numpyro.sample("overall", dist.Normal(5, 5))
    between_films = numpyro.sample("between_films", dist.HalfNormal(2))
    tau = numpyro.sample("tau", dist.HalfNormal(2))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    with numpyro.plate("films", 25):
        quality = numpyro.sample("quality", dist.Normal(overall, between_films))
    with numpyro.plate("raters", 60):
        leniency = numpyro.sample("leniency", dist.Normal(0, tau))
    with numpyro.plate("ratings", len(rater)):
        mean = quality[film] + leniency[rater]
        numpyro.sample("rating", dist.Normal(mean, sigma), obs=rating)


arguments = (rater, film)
keywords = {"rating": rating}
SITE = "leniency"
COMPARED = ("overall", "between_films", "tau", "sigma", "quality", "leniency")
decentred = model


def kappa(at):
    information = np.bincount(rater) / at["sigma"] ** 2
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), rater, film, rating=rating)
    mcmc.print_summary()
