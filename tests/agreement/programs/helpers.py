"""Helpers: with names as arguments, with prefixes, that give distributions, that call each other."""

import functools

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.handlers import scope, seed, trace


def normal(name, scale=1.0):
    return numpyro.sample(name, dist.Normal(0.0, scale))


def linear(prefix, x):
    intercept = normal(f"{prefix}_intercept")
    slope = normal(prefix + "_slope", 2.0)
    return intercept + slope * x


def by_argument(x):
    first = linear("first", x)
    second = linear(prefix="second", x=x)
    return normal(name="extra") + first + second


trace(seed(by_argument, 0)).get_trace(1.0)


def prior_of(kind):
    if kind == "positive":
        return dist.HalfNormal(1.0)
    return dist.Normal(0.0, 1.0)


def returned_distribution():
    numpyro.sample("a", prior_of("positive"))
    numpyro.sample("b", prior_of("any"))
    make = lambda scale: dist.Normal(0.0, scale)
    numpyro.sample("c", make(3.0))


trace(seed(returned_distribution, 0)).get_trace()


def observe(name, loc, y=None):
    with numpyro.plate(f"{name}_plate", loc.shape[0]):
        return numpyro.sample(name, dist.Normal(loc, 1.0), obs=y)


def observed_through_helpers(x, y=None, z=None):
    observe("y", x, y)
    observe("z", x, z)
    observe("free", x)


trace(seed(observed_through_helpers, 0)).get_trace(jnp.zeros(4), y=jnp.zeros(4))


def hierarchy(names, level=0):
    if not names:
        return 0.0
    head, *rest = names
    value = numpyro.sample(f"level{level}_{head}", dist.Normal(0.0, 1.0))
    return value + hierarchy(rest, level + 1)


def recursion():
    return hierarchy(["a", "b", "c"])


trace(seed(recursion, 0)).get_trace()


def many(*names, **scales):
    for name in names:
        numpyro.sample(name, dist.Normal(0.0, 1.0))
    for name, scale in scales.items():
        numpyro.sample(name, dist.Normal(0.0, scale))


def starred():
    many("a", "b", c=1.0, d=2.0)
    pair = ("e", "f")
    many(*pair)
    many(**{"g": 1.0})


trace(seed(starred, 0)).get_trace()


def forwarding(*args, **kwargs):
    return normal(*args, **kwargs)


def forwarded():
    forwarding("a", scale=2.0)
    forwarding(name="b")


trace(seed(forwarded, 0)).get_trace()


half = functools.partial(numpyro.sample, fn=dist.HalfNormal(1.0))
wide = functools.partial(normal, scale=10.0)
named = functools.partial(normal, "from_partial")


def partials():
    half("a")
    wide("b")
    named()
    sample = numpyro.sample
    sample("c", dist.Normal(0.0, 1.0))


trace(seed(partials, 0)).get_trace()


def nested(x):
    def inner(name):
        return numpyro.sample(f"{name}_inner", dist.Normal(0.0, 1.0))

    def outer(stem):
        def innermost():
            return numpyro.sample(stem, dist.Normal(0.0, 1.0))

        return innermost() + inner(stem)

    return inner("a") + outer("b") + x


trace(seed(nested, 0)).get_trace(1.0)


def scoped_helpers(x):
    with scope(prefix="left"):
        linear("f", x)
    with scope(prefix="right", divider="."):
        linear("f", x)
    wrapped = scope(linear, prefix="wrapped")
    wrapped("f", x)


trace(seed(scoped_helpers, 0)).get_trace(1.0)


def lambdas():
    draw = lambda name: numpyro.sample(name, dist.Normal(0.0, 1.0))
    draw("a")
    draw("b")
    (lambda: numpyro.sample("c", dist.Normal(0.0, 1.0)))()
    list(map(draw, ["d", "e"]))


trace(seed(lambdas, 0)).get_trace()


def callback(f, name):
    return f(name)


def higher_order():
    callback(normal, "a")
    callback(lambda n: numpyro.sample(f"{n}_twice", dist.Normal(0.0, 1.0)), "b")


trace(seed(higher_order, 0)).get_trace()
