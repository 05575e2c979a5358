"""Factories and closures: models that functions make."""

import functools

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.handlers import seed, trace
from numpyro.infer import MCMC, NUTS, Predictive


def make_model(name, n):
    def model(y=None):
        loc = numpyro.sample(f"{name}_loc", dist.Normal(0.0, 1.0))
        with numpyro.plate(name, n):
            numpyro.sample("y", dist.Normal(loc, 1.0), obs=y)

    return model


made = make_model("school", 5)
trace(seed(made, 0)).get_trace(jnp.zeros(5))


def make_prior(stem):
    def prior():
        return numpyro.sample(stem, dist.Normal(0.0, 1.0))

    return prior


def composed():
    first, second = make_prior("first"), make_prior("second")
    return first() + second()


trace(seed(composed, 0)).get_trace()


def make_linear(prefix):
    return lambda x: numpyro.sample(f"{prefix}_slope", dist.Normal(0.0, 1.0)) * x


def of_lambdas(x):
    parts = [make_linear("a"), make_linear("b")]
    return parts[0](x) + parts[1](x)


trace(seed(of_lambdas, 0)).get_trace(2.0)


def with_links(x, likelihood, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    likelihood(slope * x, y)


def gaussian(loc, y):
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Normal(loc, sigma), obs=y)


def poisson(rate, y):
    numpyro.sample("y", dist.Poisson(jnp.exp(rate)), obs=y)


trace(seed(functools.partial(with_links, likelihood=gaussian), 0)).get_trace(jnp.zeros(3), y=jnp.zeros(3))


def generic(x):
    with_links(x, poisson, jnp.zeros(3))


trace(seed(generic, 0)).get_trace(jnp.zeros(3))


def enclosing(data):
    n = len(data)

    def model():
        mu = numpyro.sample("mu", dist.Normal(0.0, 1.0))
        with numpyro.plate("n", n):
            numpyro.sample("x", dist.Normal(mu, 1.0), obs=data)

    mcmc = MCMC(NUTS(model), num_warmup=1, num_samples=1)
    mcmc.run(random.PRNGKey(0))
    return mcmc


enclosing(jnp.zeros(7))


def decorate(function):
    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        with numpyro.handlers.scope(prefix="decorated"):
            return function(*args, **kwargs)

    return wrapped


@decorate
def decorated():
    return numpyro.sample("x", dist.Normal(0.0, 1.0))


trace(seed(decorated, 0)).get_trace()


@numpyro.handlers.scope(prefix="s")
def scope_decorator():
    numpyro.sample("x", dist.Normal(0.0, 1.0))
    numpyro.deterministic("y", jnp.zeros(()))


trace(seed(scope_decorator, 0)).get_trace()


def counted():
    count = iter(range(10))

    def fresh(stem):
        return f"{stem}_{next(count)}"

    numpyro.sample(fresh("a"), dist.Normal(0.0, 1.0))
    numpyro.sample(fresh("a"), dist.Normal(0.0, 1.0))


trace(seed(counted, 0)).get_trace()


def compose(*parts):
    def model():
        return [part() for part in parts]

    return model


combined = compose(make_prior("one"), make_prior("two"))
trace(seed(combined, 0)).get_trace()
Predictive(composed, num_samples=2)(random.PRNGKey(0))
