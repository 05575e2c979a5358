"""Models of many shapes that nothing calls."""

from __future__ import annotations

import types
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.contrib.control_flow import scan


def line(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("points", x.shape[0]):
        numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


def regression(X, y):
    n, d = X.shape
    beta = numpyro.sample("beta", dist.Normal(0.0, 1.0).expand([d]).to_event(1))
    with numpyro.plate("n", n):
        numpyro.sample("y", dist.Normal(X @ beta, 1.0), obs=y)


def logistic(features, labels):
    w = numpyro.sample("w", dist.Normal(jnp.zeros(features.shape[-1]), 1.0).to_event(1))
    logits = jnp.dot(features, w)
    numpyro.sample("labels", dist.Bernoulli(logits=logits).to_event(1), obs=labels)


def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def varying_intercepts(group, n_groups, x, y):
    with numpyro.plate("groups", n_groups):
        a = numpyro.sample("a", dist.Normal(0.0, 1.0))
    b = numpyro.sample("b", dist.Normal(0.0, 1.0))
    with numpyro.plate("rows", len(y)):
        numpyro.sample("y", dist.Normal(a[group] + b * x, 1.0), obs=y)


def groups_counted(idx, y):
    with numpyro.plate("groups", len(np.unique(idx))):
        a = numpyro.sample("a", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(a[idx], 1.0), obs=y)


def counts(exposure, deaths):
    rate = numpyro.sample("rate", dist.Gamma(2.0, 1.0))
    with numpyro.plate("n", exposure.shape[0]):
        numpyro.sample("deaths", dist.Poisson(rate * exposure), obs=deaths)


def trials(at_bats, hits=None):
    with numpyro.plate("players", at_bats.shape[0]):
        p = numpyro.sample("p", dist.Uniform(0.0, 1.0))
        numpyro.sample("hits", dist.Binomial(at_bats, probs=p), obs=hits)


def matrix(data):
    n, d = data.shape
    mu = numpyro.sample("mu", dist.Normal(0.0, 1.0).expand([d]).to_event(1))
    with numpyro.plate("n", n):
        numpyro.sample("x", dist.Normal(mu, 1.0).to_event(1), obs=data)


def covariance(y, dim):
    chol = numpyro.sample("chol", dist.LKJCholesky(dim, 1.0))
    with numpyro.plate("n", y.shape[0]):
        numpyro.sample("y", dist.MultivariateNormal(jnp.zeros(dim), scale_tril=chol), obs=y)


def mixture(data, K):
    weights = numpyro.sample("weights", dist.Dirichlet(jnp.ones(K)))
    with numpyro.plate("components", K):
        loc = numpyro.sample("loc", dist.Normal(0.0, 10.0))
    mixing = dist.Categorical(probs=weights)
    with numpyro.plate("n", data.shape[0]):
        numpyro.sample("x", dist.MixtureSameFamily(mixing, dist.Normal(loc, 1.0)), obs=data)


def process(X, Y, noise: float):
    scale = numpyro.sample("scale", dist.LogNormal(0.0, 1.0))
    cov = jnp.exp(-((X[:, None] - X) ** 2) / scale) + noise * jnp.eye(X.shape[0])
    numpyro.sample("Y", dist.MultivariateNormal(jnp.zeros(X.shape[0]), cov), obs=Y)


def kernelled(X, Y, kernel):
    cov = kernel(X, X) + 1e-6 * jnp.eye(len(X))
    numpyro.sample("Y", dist.MultivariateNormal(jnp.zeros(len(X)), cov), obs=Y)


def linked(x, y, link):
    a = numpyro.sample("a", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(link(a * x), 1.0).to_event(1), obs=y)


def autoregressive(y):
    phi = numpyro.sample("phi", dist.Normal(0.0, 1.0))

    def step(before, now):
        numpyro.sample("y", dist.Normal(phi * before, 1.0), obs=now)
        return now, None

    scan(step, y[0], y[1:])


def forecast(y, future: int):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    length = y.shape[0] + future
    mean = level * jnp.arange(length)
    numpyro.sample("y", dist.Normal(mean[: y.shape[0]], 1.0).to_event(1), obs=y)
    numpyro.sample("ahead", dist.Normal(mean[y.shape[0] :], 1.0).to_event(1))


def of_dictionary(data):
    n = len(data["y"])
    a = numpyro.sample("a", dist.Normal(0.0, 1.0).expand([data["n_groups"]]).to_event(1))
    with numpyro.plate("n", n):
        numpyro.sample("y", dist.Normal(a[data["group"]] + data["x"], 1.0), obs=data["y"])


def of_options(x, args):
    w = numpyro.sample("w", dist.Normal(0.0, args.scale).expand([args.hidden_dim]).to_event(1))
    h = numpyro.deterministic("h", jnp.tanh(x[:, None] * w))
    numpyro.sample("y", dist.Normal(h.sum(-1), args.noise).to_event(1))


def keyed(rng_key, x):
    noise = jax.random.normal(rng_key, x.shape)
    numpyro.sample("y", dist.Normal(x + noise, 1.0).to_event(1))


def flagged(x, y, use_offset: bool):
    offset = numpyro.sample("offset", dist.Normal(0.0, 1.0)) if use_offset else 0.0
    numpyro.sample("y", dist.Normal(x + offset, 1.0).to_event(1), obs=y)


def by_kind(x, kind):
    if kind == "robust":
        numpyro.sample("y", dist.StudentT(3.0, x, 1.0).to_event(1))
    elif kind == "plain":
        numpyro.sample("y", dist.Normal(x, 1.0).to_event(1))
    else:
        raise ValueError(kind)


def named(prefix, x):
    numpyro.sample(f"{prefix}_a", dist.Normal(x, 1.0).to_event(1))


def annotated(x: jax.Array, n: int, scale: float, flag: bool, name: str):
    with numpyro.plate(name, n):
        numpyro.sample("a", dist.Normal(0.0, scale if flag else 1.0))
    numpyro.sample("b", dist.Normal(x, 1.0).to_event(1))


def two_plates(y):
    rows, columns = y.shape
    with numpyro.plate("columns", columns, dim=-1):
        c = numpyro.sample("c", dist.Normal(0.0, 1.0))
    with numpyro.plate("rows", rows, dim=-2):
        r = numpyro.sample("r", dist.Normal(0.0, 1.0))
        with numpyro.plate("columns", columns, dim=-1):
            numpyro.sample("y", dist.Normal(r + c, 1.0), obs=y)


def subsampled(x, y, batch_size):
    w = numpyro.sample("w", dist.Normal(0.0, 1.0))
    with numpyro.plate("n", x.shape[0], subsample_size=batch_size) as rows:
        numpyro.sample("y", dist.Normal(w * x[rows], 1.0), obs=y[rows])


def masked(y, mask):
    mu = numpyro.sample("mu", dist.Normal(0.0, 1.0))
    with numpyro.plate("n", y.shape[0]), numpyro.handlers.mask(mask=mask):
        numpyro.sample("y", dist.Normal(mu, 1.0), obs=y)


def missing(y, obs_mask):
    with numpyro.plate("n", len(y)):
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y, obs_mask=obs_mask)


def prior_given(x, prior: dist.Distribution):
    w = numpyro.sample("w", prior)
    numpyro.sample("y", dist.Normal(w * x, 1.0).to_event(1))


def listed(sizes: list[int]):
    for number, size in enumerate(sizes):
        numpyro.sample(f"a_{number}", dist.Normal(0.0, 1.0).expand([size]).to_event(1))


def unpacked(batch):
    x, y = batch
    w = numpyro.sample("w", dist.Normal(0.0, 1.0))
    with numpyro.plate("n", x.shape[0]):
        numpyro.sample("y", dist.Normal(w * x, 1.0), obs=y)


def transitions(state, action, n_states, n_actions):
    with numpyro.plate("states", n_states, dim=-2), numpyro.plate("actions", n_actions, dim=-1):
        logits = numpyro.sample("logits", dist.Normal(0.0, 1.0))
    chosen = jax.nn.softmax(logits[state])
    with numpyro.plate("n", state.shape[0]):
        numpyro.sample("action", dist.Categorical(probs=chosen), obs=action)


def helped(x, y):
    _likelihood(_slope() * x, y)


def _slope():
    return numpyro.sample("slope", dist.Normal(0.0, 1.0))


def _likelihood(mean, values):
    assert mean.ndim == 2
    numpyro.sample("y", dist.Normal(mean, 1.0).to_event(2), obs=values)


def contracted(tensor, y):
    w = numpyro.sample("w", dist.Normal(0.0, 1.0).expand([4, 6]).to_event(2))
    mean = jnp.einsum("nij,ij->n", tensor, w)
    numpyro.sample("y", dist.Normal(mean, 1.0).to_event(1), obs=y)


def no_defaults_do(x=None, y=None):
    with numpyro.plate("n", len(x)):
        numpyro.sample("y", dist.Normal(x, 1.0), obs=y)


def none_is_no_index(group=None, n_groups=None, y=None):
    with numpyro.plate("groups", n_groups):
        a = numpyro.sample("a", dist.Normal(0.0, 1.0))
    with numpyro.plate("n", len(y)):
        numpyro.sample("y", dist.Normal(a[group], 1.0), obs=y)


def covered(y, cov):
    numpyro.sample("y", dist.MultivariateNormal(jnp.zeros(cov.shape[0]), cov), obs=y)


def differenced(y, d):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0).expand([len(y) - 1]).to_event(1))
    numpyro.sample("y", dist.Normal(level, 1.0).to_event(1), obs=jnp.diff(y))
    numpyro.sample("z", dist.Normal(d, 1.0))


def made(n_hidden):
    def network(x, y=None):
        w = numpyro.sample("w", dist.Normal(0.0, 1.0).expand([x.shape[1], n_hidden]).to_event(2))
        mean = jnp.tanh(x @ w).sum(-1)
        with numpyro.plate("n", x.shape[0]):
            numpyro.sample("y", dist.Normal(mean, 1.0), obs=y)

    return network


class Forecaster:
    def __init__(self, n_seasons: int, scale: float = 1.0):
        self.n_seasons, self.scale = n_seasons, scale

    def seasonal(self, y):
        season = numpyro.sample("season", dist.Normal(jnp.zeros(self.n_seasons), self.scale))
        at = jnp.arange(y.shape[0]) % self.n_seasons
        with numpyro.plate("t", y.shape[0]):
            numpyro.sample("y", dist.Normal(season[at], 1.0), obs=y)


@dataclass
class Design:
    x: jax.Array
    n_levels: int


def designed(design: Design, y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0).expand([design.n_levels]).to_event(1))
    numpyro.sample("y", dist.Normal(design.x + level.sum(), 1.0).to_event(1), obs=y)


def of_namespace(config: types.SimpleNamespace):
    with numpyro.plate("n", config.n):
        numpyro.sample("y", dist.Normal(0.0, config.sd))
