"""Constraints that only compare are evaluated by numpy, which compiles nothing.

NumPyro checks the arguments of a distribution where they are numbers. JAX compiles each such check
for each new shape, which takes longer than all else of the trace; the result is the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from numpyro.distributions import constraints

from .describe import is_tracer

_COMPARING = (
    constraints.real,
    constraints.positive,
    constraints.nonnegative,
    constraints.less_than(0.0),
    constraints.interval(0.0, 1.0),
    constraints.open_interval(0.0, 1.0),
)
# Asked for first: whether anything else is an array of JAX takes a while to find out.
_OTHERS = (int, float, np.ndarray, jax.core.Tracer)


@functools.cache
def compare_in_numpy() -> None:
    """Let these constraints look at JAX's arrays as numpy's, from now on, for good."""
    for kind in {_defining(type(each)) for each in _COMPARING}:
        kind.__call__ = in_numpy(kind.__call__)


def _defining(kind: Any) -> Any:
    """The class that has the comparison of a constraint; others may be of it, too."""
    return next(each for each in kind.__mro__ if "__call__" in vars(each))


def in_numpy(call: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A comparison that looks at JAX's arrays as numpy's, where all that it looks at is numbers."""

    def called(self: Any, x: Any) -> Any:
        if not isinstance(x, _OTHERS) and isinstance(x, jax.Array):
            if not any(map(is_tracer, vars(self).values())):
                x = _as_numpy(x)
        return call(self, x)

    return called


def _as_numpy(x: jax.Array) -> Any:
    """The numbers as JAX compares them: XLA takes those below the least normal one for 0."""
    if x.dtype.kind not in "biuf":
        return x
    array = np.asarray(x)
    if x.dtype.kind != "f":
        return array
    return np.where(np.abs(array) < np.finfo(array.dtype).tiny, array.dtype.type(0), array)
