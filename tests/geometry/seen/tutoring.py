"""What tutoring adds in 24 schools, where half of eight to thirty pupils get it, by hand."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(611)
pupils = 2 * rng.integers(4, 16, size=24)
school = np.repeat(np.arange(24), pupils)
tutored = np.arange(len(school)) % 2
baseline, benefit = 0.4 * rng.normal(size=24), rng.normal(0.25, 0.12, size=24)
score = rng.normal(baseline[school] + benefit[school] * tutored, 0.9)


def baselines():
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    sd_baseline = numpyro.sample("sd_baseline", dist.LogNormal(-1, 0.7))
    return numpyro.sample("baseline", dist.Normal(mu, sd_baseline).expand([24]))


def scores(school, tutored, baseline, benefit, score):
    sigma = numpyro.sample("sigma", dist.LogNormal(0, 0.5))
    with numpyro.plate("pupils", len(school)):
        mean = baseline[school] + benefit[school] * tutored
        numpyro.sample("score", dist.Normal(mean, sigma), obs=score)


def model(school, tutored, score=None):
    baseline = baselines()
    average = numpyro.sample("average", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.LogNormal(-1.5, 0.7))
    with numpyro.plate("schools", 24):
        z = numpyro.sample("z", dist.Normal(0, 1))
    benefit = numpyro.deterministic("benefit", average + tau * z)
    scores(school, tutored, baseline, benefit, score)


def centred(school, tutored, score=None):
    baseline = baselines()
    average = numpyro.sample("average", dist.Normal(0, 0.5))
    tau = numpyro.sample("tau", dist.LogNormal(-1.5, 0.7))
    with numpyro.plate("schools", 24):
        benefit = numpyro.sample("benefit", dist.Normal(average, tau))
    scores(school, tutored, baseline, benefit, score)


arguments = (school, tutored)
keywords = {"score": score}
SITE = "benefit"
COMPARED = ("mu", "sd_baseline", "average", "tau", "sigma", "baseline", "benefit")
decentred = model


def kappa(at):
    # Of a benefit whose school's baseline is known from those without, and its prior.
    each = pupils / 2 / at["sigma"] ** 2
    information = 1 / (1 / each + 1 / (each + 1 / at["sd_baseline"] ** 2))
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), school, tutored, score=score)
    mcmc.print_summary()
