"""Mussels of twelve rivers that die at six doses of copper: correlated thresholds and slopes."""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

rng = np.random.default_rng(506)
river, dose = (each.ravel() for each in np.indices((12, 6)))
x = np.linspace(-1.5, 1.5, 6)[dose]  # log dose
exposed = rng.integers(12, 21, size=72)
covariance = np.outer([0.9, 0.5], [0.9, 0.5]) * [[1, 0.3], [0.3, 1]]
truth = rng.multivariate_normal([-0.3, 2.0], covariance, size=12)
died = rng.binomial(exposed, 1 / (1 + np.exp(-truth[river, 0] - truth[river, 1] * x)))


def model(river, x, exposed, died=None):
    loc = numpyro.sample("loc", dist.Normal(0, 2).expand([2]).to_event(1))
    scale = numpyro.sample("scale", dist.HalfNormal(1).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 1))
    with numpyro.plate("rivers", 12):
        coef = numpyro.sample(
            "coef", dist.MultivariateNormal(loc, scale_tril=scale[:, None] * corr)
        )
    logits = coef[river, 0] + coef[river, 1] * x
    with numpyro.plate("tanks", len(river)):
        numpyro.sample("died", dist.Binomial(exposed, logits=logits), obs=died)


def decentred(river, x, exposed, died=None):
    loc = numpyro.sample("loc", dist.Normal(0, 2).expand([2]).to_event(1))
    scale = numpyro.sample("scale", dist.HalfNormal(1).expand([2]).to_event(1))
    corr = numpyro.sample("corr", dist.LKJCholesky(2, 1))
    with numpyro.plate("rivers", 12):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
        coef = numpyro.deterministic("coef", loc + z @ (scale[:, None] * corr).T)
    logits = coef[river, 0] + coef[river, 1] * x
    with numpyro.plate("tanks", len(river)):
        numpyro.sample("died", dist.Binomial(exposed, logits=logits), obs=died)


arguments = (river, x, exposed)
keywords = {"died": died}
SITE = "coef"
COMPARED = ("loc", "scale", "corr", "coef")
centred = model


def kappa(at):
    # Of each direction alone: the correlation is left out.
    share = 1 / (1 + np.exp(-at["coef"][river, 0] - at["coef"][river, 1] * x))
    weight = exposed * share * (1 - share)
    information = np.stack([np.bincount(river, weight), np.bincount(river, weight * x**2)], axis=1)
    return information / (information + 1 / at["scale"] ** 2)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(model), num_warmup=1000, num_samples=2000)
    mcmc.run(random.PRNGKey(0), river, x, exposed, died=died)
    mcmc.print_summary()
