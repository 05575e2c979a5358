"""Models of parts that stand in other files of the project."""

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
import priors
import priors as shared
from numpyro.handlers import scope, seed, trace
from priors import NAMES, linear, make_effect, weak
from priors import normal as gaussian_prior
from questions import Intercept, Trend, observe
from questions.components import Component
from questions.naming import site_name

x = jnp.zeros(4)


def by_name(x):
    linear("first", x)
    gaussian_prior("second")


trace(seed(by_name, 0)).get_trace(x)


def by_module(x):
    priors.normal("a", scale=3.0)
    shared.linear(prefix="b", x=x)


trace(seed(by_module, 0)).get_trace(x)


def by_table():
    shared.from_table()
    priors.from_table({"gamma": dist.Normal(0.0, 1.0)})


trace(seed(by_table, 0)).get_trace()


def by_loop():
    for name in NAMES:
        numpyro.sample(name, weak)


trace(seed(by_loop, 0)).get_trace()


effect = make_effect("effect")


def by_factory():
    return effect() + make_effect("other")()


trace(seed(by_factory, 0)).get_trace()


def by_class(x, y=None):
    mu = Intercept("base")(x) + Trend(name="time")(x)
    observe(mu, y)


trace(seed(by_class, 0)).get_trace(x, y=jnp.zeros(4))


class Season(Component):
    def __call__(self, x):
        return self.draw("amplitude", dist.HalfNormal(1.0)) * jnp.sin(x)


def by_inheritance(x):
    return Season("yearly")(x)


trace(seed(by_inheritance, 0)).get_trace(x)


def by_keyword(x, y=None):
    observe(linear("mean", x), y, name="answers")


trace(seed(by_keyword, 0)).get_trace(x, y=jnp.zeros(4))


def by_text():
    numpyro.sample(site_name("group", "effect"), dist.Normal(0.0, 1.0))


trace(seed(by_text, 0)).get_trace()


def under_scopes(x):
    with scope(prefix="left"):
        linear("f", x)
    with scope(prefix="right"):
        linear("f", x)


trace(seed(under_scopes, 0)).get_trace(x)


class Model:
    def __init__(self, *parts):
        self.parts = parts

    def model(self, x, y=None):
        return observe(sum(part(x) for part in self.parts), y)


model = Model(Intercept("base"), Trend("time"))
trace(seed(model.model, 0)).get_trace(x, y=jnp.zeros(4))


def inside(x):
    from priors import normal
    from questions.likelihoods import gaussian

    gaussian(normal("late") * x)


trace(seed(inside, 0)).get_trace(x)
