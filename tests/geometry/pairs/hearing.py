"""Tones that 25 listeners hear or not, 24 each: correlated thresholds and slopes."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(219)
listener = np.repeat(np.arange(25), 24)
loudness = np.tile(np.linspace(-2, 2, 24), 25)
covariance = np.outer([0.6, 0.4], [0.6, 0.4]) * [[1, 0.3], [0.3, 1]]
truth = rng.multivariate_normal([0.3, 1.0], covariance, size=25)
logit = truth[listener, 0] + truth[listener, 1] * loudness
heard = rng.binomial(1, 1 / (1 + np.exp(-logit)))


def model(listener, loudness, heard=None):
    loc = numpyro.sample("loc", dist.Normal(0, 2).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.Exponential(1).expand([2]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(2, 2.0))
    scale_tril = tau[:, None] * chol
    with numpyro.plate("listeners", 25):
        ear = numpyro.sample("ear", dist.MultivariateNormal(loc, scale_tril=scale_tril))
    with numpyro.plate("tones", len(listener)):
        logits = ear[listener, 0] + ear[listener, 1] * loudness
        numpyro.sample("heard", dist.Bernoulli(logits=logits), obs=heard)


def decentred(listener, loudness, heard=None):
    loc = numpyro.sample("loc", dist.Normal(0, 2).expand([2]).to_event(1))
    tau = numpyro.sample("tau", dist.Exponential(1).expand([2]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(2, 2.0))
    scale_tril = tau[:, None] * chol
    with numpyro.plate("listeners", 25):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        ear = numpyro.deterministic("ear", loc + z @ scale_tril.T)
    with numpyro.plate("tones", len(listener)):
        logits = ear[listener, 0] + ear[listener, 1] * loudness
        numpyro.sample("heard", dist.Bernoulli(logits=logits), obs=heard)


arguments = (listener, loudness)
keywords = {"heard": heard}
SITE = "ear"
COMPARED = ("loc", "tau", "chol", "ear")
centred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    share = 1 / (1 + np.exp(-(at["ear"][listener, 0] + at["ear"][listener, 1] * loudness)))
    weight = share * (1 - share)
    told = [np.bincount(listener, weight), np.bincount(listener, weight * loudness**2)]
    information = np.stack(told, axis=1)
    return information / (information + 1 / at["tau"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), listener, loudness, heard=heard)
    mcmc.print_summary()
