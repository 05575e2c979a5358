"""Neural networks and parameters."""

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.distributions import constraints
from numpyro.handlers import lift, seed, trace


def network(x):
    init = lambda key, shape: (shape, {"w": jnp.zeros((2, 2))})
    apply = lambda params, inputs: inputs @ params["w"]
    net = numpyro.module("net", (init, apply), (2,))
    numpyro.sample("y", dist.Normal(net(x), 1.0).to_event(2))


trace(seed(network, 0)).get_trace(jnp.zeros((3, 2)))


def guide():
    loc = numpyro.param("loc", jnp.zeros(()))
    scale = numpyro.param("scale", jnp.ones(()), constraint=constraints.positive)
    numpyro.sample("x", dist.Normal(loc, scale))
    for name in ("a", "b"):
        q = numpyro.param(f"{name}_loc", 0.0)
        numpyro.sample(name, dist.Delta(q))


trace(seed(guide, 0)).get_trace()


def lifted():
    with lift(prior={"loc": dist.Normal(0.0, 1.0)}):
        loc = numpyro.param("loc", 0.0)
    numpyro.sample("x", dist.Normal(loc, 1.0))


trace(seed(lifted, 0)).get_trace()


def layers(x, sizes=(2, 3, 1)):
    for i, (n_in, n_out) in enumerate(zip(sizes[:-1], sizes[1:])):
        w = numpyro.sample(f"w{i}", dist.Normal(jnp.zeros((n_in, n_out)), 1.0).to_event(2))
        b = numpyro.sample(f"b{i}", dist.Normal(jnp.zeros(n_out), 1.0).to_event(1))
        x = x @ w + b
    numpyro.deterministic("f", x)


trace(seed(layers, 0)).get_trace(jnp.zeros((4, 2)))


def state():
    counter = numpyro.primitives.mutable("counter", jnp.zeros(()))
    numpyro.sample("x", dist.Normal(counter, 1.0))


trace(seed(state, 0)).get_trace()
