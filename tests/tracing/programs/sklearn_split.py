"""A split and a scaler of scikit-learn, which not everybody has."""

import jax
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, Predictive


def logistic(X, y=None):
    w = numpyro.sample("w", dist.Laplace(np.zeros(X.shape[1]), 1.0).to_event(1))
    b = numpyro.sample("b", dist.Normal(0.0, 2.0))
    with numpyro.plate("data", X.shape[0]):
        numpyro.sample("y", dist.Bernoulli(logits=X @ w + b), obs=y)


X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)
scaler = StandardScaler().fit(X_train)
mcmc = MCMC(NUTS(logistic), num_warmup=500, num_samples=500)
mcmc.run(jax.random.PRNGKey(0), scaler.transform(X_train), y_train)
predicted = Predictive(logistic, mcmc.get_samples())(jax.random.PRNGKey(1), scaler.transform(X_test))
print((predicted["y"].mean(0).round() == y_test).mean())
