"""A regression as a class in the manner of scikit-learn."""

import jax
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive


class BayesianRidge:
    """Linear regression with a shared scale of the coefficients."""

    def __init__(self, prior_scale=1.0, num_warmup=500, num_samples=500, seed=0):
        self.prior_scale = prior_scale
        self.num_warmup = num_warmup
        self.num_samples = num_samples
        self.rng_key = jax.random.PRNGKey(seed)
        self.__standardised = False

    def _standardise(self, X):
        self.x_mean, self.x_scale = X.mean(0), X.std(0)
        return (X - self.x_mean) / self.x_scale

    def model(self, X, y=None):
        scale = numpyro.sample("scale", dist.HalfNormal(self.prior_scale))
        intercept = numpyro.sample("intercept", dist.Normal(0.0, 10.0))
        with numpyro.plate("features", X.shape[1]):
            beta = numpyro.sample("beta", dist.Normal(0.0, scale))
        noise = numpyro.sample("noise", dist.Exponential(1.0))
        with numpyro.plate("data", X.shape[0]):
            numpyro.sample("y", dist.Normal(intercept + X @ beta, noise), obs=y)

    def fit(self, X, y):
        X = self._standardise(jnp.asarray(X))
        self.rng_key, key = jax.random.split(self.rng_key)
        kernel = NUTS(self.model)
        self.mcmc = MCMC(kernel, num_warmup=self.num_warmup, num_samples=self.num_samples)
        self.mcmc.run(key, X, y=jnp.asarray(y))
        self.posterior_ = self.mcmc.get_samples()
        return self

    def predict(self, X):
        X = (jnp.asarray(X) - self.x_mean) / self.x_scale
        predictive = Predictive(self.model, self.posterior_)
        return predictive(self.rng_key, X)["y"].mean(0)


def main():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 4))
    y = X @ np.array([1.0, -2.0, 0.0, 0.5]) + rng.normal(size=80)
    train, test = slice(0, 60), slice(60, None)
    regression = BayesianRidge(prior_scale=2.0).fit(X[train], y[train])
    error = np.mean((regression.predict(X[test]) - y[test]) ** 2)
    print(f"mean squared error {error:.3f}")


if __name__ == "__main__":
    main()
