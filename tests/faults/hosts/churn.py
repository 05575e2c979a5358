"""Who leaves: logistic regression on many rows, by minibatches and an autoguide."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import SVI, Predictive, Trace_ELBO, autoguide
from numpyro.infer.autoguide import AutoNormal


def churn(features, left=None, batch_size=None):
    rows, columns = features.shape
    intercept = numpyro.sample("intercept", dist.Normal(0.0, 2.0))
    weights = numpyro.sample("weights", dist.Normal(jnp.zeros(columns), 1.0).to_event(1))
    with numpyro.plate("rows", rows, subsample_size=batch_size) as index:
        batch = features[index]
        observed = left[index] if left is not None else None
        logits = intercept + batch @ weights
        numpyro.sample("left", dist.Bernoulli(logits=logits), obs=observed)


def support_calls(weeks, calls=None):
    base = numpyro.sample("base", dist.Normal(0.0, 1.0))
    trend = numpyro.sample("trend", dist.Normal(0.0, 0.5))
    rate = jnp.exp(base + trend * weeks)
    with numpyro.plate("weeks", weeks.size):
        numpyro.sample("calls", dist.Poisson(rate), obs=calls)


def fit_churn(key, features, left):
    guide = AutoNormal(churn)
    svi = SVI(churn, guide, numpyro.optim.Adam(0.01), Trace_ELBO())
    result = svi.run(key, 300, features, left, batch_size=50, progress_bar=False)
    return guide, result.params


def fit_calls(key, weeks, calls):
    guide = autoguide.AutoMultivariateNormal(support_calls)
    svi = SVI(support_calls, guide, numpyro.optim.Adam(0.01), Trace_ELBO())
    result = svi.run(key, 300, weeks, calls=calls, progress_bar=False)
    return guide.sample_posterior(jax.random.PRNGKey(9), result.params, sample_shape=(100,))


if __name__ == "__main__":
    keys = jax.random.split(jax.random.PRNGKey(2), 5)
    features = jax.random.normal(keys[0], (200, 3))
    left = (features[:, 0] > 0.3).astype(int)
    guide, params = fit_churn(keys[1], features, left)
    predicted = Predictive(churn, guide=guide, params=params, num_samples=50)(keys[2], features)
    print(predicted["left"].mean())

    weeks = jnp.arange(12.0)
    draws = fit_calls(keys[3], weeks / 12, jnp.array([3, 2, 4, 3, 5, 4, 6, 5, 7, 6, 8, 9]))
    print(draws["trend"].mean())
