"""Plates: dims, several at once, subsamples, stacks, entered twice, as values."""

import contextlib

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import plate
from numpyro.handlers import seed, trace


def crossed(y=None):
    rows = plate("rows", 3, dim=-2)
    columns = plate("columns", 4, dim=-1)
    with rows:
        a = numpyro.sample("a", dist.Normal(0.0, 1.0))
    with columns:
        b = numpyro.sample("b", dist.Normal(0.0, 1.0))
    with rows, columns:
        numpyro.sample("y", dist.Normal(a + b, 1.0), obs=y)


trace(seed(crossed, 0)).get_trace(y=jnp.zeros((3, 4)))


def subsampled(x):
    with plate("data", 10, subsample_size=5) as index:
        batch = x[index]
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=batch)
    with plate("more", 6, subsample_size=2):
        numpyro.sample("z", dist.Normal(0.0, 1.0), obs=numpyro.subsample(jnp.zeros(6), 0))


trace(seed(subsampled, 0)).get_trace(jnp.zeros(10))


def stacked():
    with numpyro.plate_stack("grid", [2, 3]):
        numpyro.sample("a", dist.Normal(0.0, 1.0))
    with numpyro.plate_stack("deep", (2, 3, 4), rightmost_dim=-2):
        numpyro.sample("b", dist.Normal(0.0, 1.0))


trace(seed(stacked, 0)).get_trace()


def many_at_once():
    with plate("a", 2), plate("b", 3) as b, plate("c", 4):
        numpyro.sample("x", dist.Normal(0.0, 1.0))
    with (
        plate("d", 2, dim=-2),
        plate("e", 3, dim=-1),
    ):
        numpyro.sample("y", dist.Normal(0.0, 1.0))


trace(seed(many_at_once, 0)).get_trace()


def stacked_contexts():
    with contextlib.ExitStack() as stack:
        stack.enter_context(plate("outer", 2))
        stack.enter_context(numpyro.handlers.scope(prefix="in"))
        numpyro.sample("x", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(0.0, 1.0))


trace(seed(stacked_contexts, 0)).get_trace()


def in_loops():
    for name in ["a", "b"]:
        with plate(f"plate_{name}", 3):
            numpyro.sample(name, dist.Normal(0.0, 1.0))
    plates = [plate(f"p{i}", 2, dim=-1 - i) for i in range(2)]
    for i, each in enumerate(plates):
        with each:
            numpyro.sample(f"x{i}", dist.Normal(0.0, 1.0))


trace(seed(in_loops, 0)).get_trace()


def optional_plate(n=None):
    context = plate("n", n) if n is not None else contextlib.nullcontext()
    with context:
        numpyro.sample("x", dist.Normal(0.0, 1.0))


trace(seed(optional_plate, 0)).get_trace(3)


@contextlib.contextmanager
def named_plate(name, size):
    with numpyro.handlers.scope(prefix=name):
        with plate("plate", size):
            yield


def generator_context():
    with named_plate("group", 2):
        numpyro.sample("x", dist.Normal(0.0, 1.0))


trace(seed(generator_context, 0)).get_trace()


def masked(x, mask):
    with plate("data", 4):
        with numpyro.handlers.mask(mask=mask):
            numpyro.sample("y", dist.Normal(0.0, 1.0), obs=x)
        numpyro.sample("z", dist.Normal(0.0, 1.0), obs=x, obs_mask=mask)


trace(seed(masked, 0)).get_trace(jnp.zeros(4), jnp.array([True, False, True, True]))


def scoped_plate():
    with numpyro.handlers.scope(prefix="s"):
        with plate("n", 3):
            numpyro.sample("x", dist.Normal(0.0, 1.0))
    with plate("m", 3):
        with numpyro.handlers.scope(prefix="t"):
            numpyro.sample("x", dist.Normal(0.0, 1.0))


trace(seed(scoped_plate, 0)).get_trace()
