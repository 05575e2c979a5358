"""Counts under three models, which a dictionary names."""

import jax
import jax.numpy as jnp
import numpy as np
import seaborn as sns

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, log_likelihood

sns.set_theme(style="whitegrid")

rng = np.random.default_rng(4)
exposure = rng.uniform(0.5, 2.0, size=40)
counts = rng.negative_binomial(5, 0.4, size=40)


def poisson(exposure, counts=None):
    rate = numpyro.sample("rate", dist.Gamma(2.0, 0.5))
    with numpyro.plate("n", len(exposure)):
        numpyro.sample("counts", dist.Poisson(rate * exposure), obs=counts)


def negative_binomial(exposure, counts=None):
    mean = numpyro.sample("mean", dist.Gamma(2.0, 0.5))
    concentration = numpyro.sample("concentration", dist.Gamma(1.0, 0.1))
    with numpyro.plate("n", len(exposure)):
        numpyro.sample(
            "counts", dist.NegativeBinomial2(mean * exposure, concentration), obs=counts
        )


def zero_inflated(exposure, counts=None):
    gate = numpyro.sample("gate", dist.Beta(1.0, 1.0))
    rate = numpyro.sample("rate", dist.Gamma(2.0, 0.5))
    with numpyro.plate("n", len(exposure)):
        numpyro.sample(
            "counts", dist.ZeroInflatedPoisson(gate, rate * exposure), obs=counts
        )


MODELS = {
    "poisson": poisson,
    "negative binomial": negative_binomial,
    "zero inflated": zero_inflated,
}


def fit(model, seed=0, **data):
    mcmc = MCMC(NUTS(model), num_warmup=500, num_samples=500)
    mcmc.run(jax.random.key(seed), **data)
    return mcmc


if __name__ == "__main__":
    scores = {}
    for name, model in MODELS.items():
        mcmc = fit(model, exposure=exposure, counts=counts)
        pointwise = log_likelihood(model, mcmc.get_samples(), exposure, counts)["counts"]
        scores[name] = float(jax.scipy.special.logsumexp(pointwise, 0).sum())
    best = max(scores, key=scores.get)
    print(f"best: {best}")
    sns.barplot(x=list(scores), y=list(scores.values()))
