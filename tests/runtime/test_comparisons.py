"""Constraints that are evaluated by numpy say what they say by JAX."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpyro.distributions import constraints
from runtime.support import Ask

from numpyro_lint_runtime.worker.comparisons import _COMPARING, in_numpy

VALUES = [
    [-jnp.inf, -1.5, -0.0, 0.0, 0.5, 1.0, 2.0, jnp.inf, jnp.nan],
    [1e-40, -1e-40, 1e-45],
    [-1, 0, 1, 2],
    [True, False],
    0.5,
]
"""Ends, wholes, what is no number, and what is too small to be told from 0 by some processors."""


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize(
    "constraint",
    [*_COMPARING, constraints.greater_than(0.25)],
    ids=lambda each: type(each).__name__,
)
def test_numpy_says_the_same(constraint: constraints.Constraint, value: object) -> None:
    array = jnp.asarray(value)
    found = in_numpy(type(constraint).__call__)(constraint, array)
    assert not isinstance(found, jax.Array)
    np.testing.assert_array_equal(found, np.asarray(constraint(array)))


def test_an_end_that_is_traced_is_left_to_jax() -> None:
    def model(end: jax.Array) -> jax.Array:
        constraint = constraints.less_than(end)
        found: jax.Array = in_numpy(type(constraint).__call__)(constraint, jnp.array([1.0, 3.0]))
        return found

    assert jax.jit(model)(2.0).tolist() == [True, False]


def test_arguments_are_checked_all_the_same(ask: Ask) -> None:
    text = "def model(scale):\n    numpyro.sample('x', dist.Normal(0, scale, validate_args=True))\n"
    wrong, right = ask(text, "model(jnp.array([1.0, -1.0]))", "model(jnp.array([1.0, 2.0]))")
    assert wrong.failure is not None
    assert wrong.failure.message == "Normal distribution got invalid scale parameter."
    assert right.sites[0].shape == (2,)
