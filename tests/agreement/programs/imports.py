"""Imports: aliases, bare names, stars, inside the model."""

import jax.numpy as jnp
import numpyro as npr
import numpyro as pyro
import numpyro.distributions as nd
from numpyro import distributions, handlers as poutine, primitives
from numpyro import sample as draw
from numpyro.distributions import *
from numpyro.handlers import *
from numpyro.primitives import deterministic, param, plate, sample


def bare():
    mu = sample("mu", Normal(0.0, 1.0))
    with plate("n", 3):
        sample("x", Normal(mu, 1.0), obs=jnp.zeros(3))
    deterministic("d", mu)
    param("p", 1.0)


trace(seed(bare, 0)).get_trace()


def aliased():
    npr.sample("a", nd.Normal(0, 1))
    pyro.sample("b", distributions.HalfNormal(1.0))
    primitives.sample("c", npr.distributions.Normal(0.0, 1.0))
    draw("d", nd.continuous.Normal(0.0, 1.0))
    with poutine.scope(prefix="s"):
        draw("e", Normal(0.0, 1.0))


poutine.trace(poutine.seed(aliased, 0)).get_trace()


def inside():
    import numpyro
    import numpyro.distributions as dist
    from numpyro.contrib.control_flow import scan as loop

    numpyro.sample("a", dist.Normal(0.0, 1.0))

    def step(carry, x):
        return numpyro.sample("z", dist.Normal(carry, 1.0)), None

    loop(step, 0.0, jnp.zeros(3))


trace(seed(inside, 0)).get_trace()

try:
    import numpyro_that_is_not_there as other
except ImportError:
    other = npr


def guarded():
    other.sample("a", Normal(0.0, 1.0))


trace(seed(guarded, 0)).get_trace()


def rebound():
    s, N = npr.sample, nd.Normal
    s("a", N(0.0, 1.0))
    f = getattr(npr, "sample")
    f("b", N(0.0, 1.0))


trace(seed(rebound, 0)).get_trace()
