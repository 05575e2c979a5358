"""Which latents scale a standard site: found by how the density of the data changes with both.

Where `tau` comes into the log density of the data only as `tau * z`, to double the one is to double
the other: by Euler's theorem the slope towards `log tau` is the sum of `z` times the slopes towards
`z`. So `loc + tau * z` is known however it is written, and `loc + diag(tau) @ L @ z` as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

_POINTS = 2
_CLOSE = 2e-3


def scales_of(
    standard: Sequence[str], data: Any, start: dict[str, tuple[int, ...]]
) -> dict[str, tuple[str, ...]]:
    """The latents that scale each of some standard sites, as far as there are any.

    `data` is minus the log density of what is observed, at a point of unconstrained space, and
    `start` the shapes of the latents there.
    """
    slopes = jax.jit(jax.grad(data))
    others = [name for name in start if name not in standard]
    left = {
        (name, other) for name in standard for other in others if _may_scale(start, name, other)
    }
    for number in range(_POINTS):
        if not left:
            return {}
        point = _point(start, number)
        slope = jax.device_get(slopes(point))
        left = {(name, other) for name, other in left if _scales(name, other, slope, point)}
    return {name: tuple(o for n, o in sorted(left) if n == name) for name in standard}


def _may_scale(start: dict[str, tuple[int, ...]], name: str, other: str) -> bool:
    """One scale for all elements, or one for each of the last dim."""
    groups, sizes = start[name], [math.prod(start[each]) for each in (name, other)]
    shared = sizes[1] == 1 or start[other] == groups[-1:]
    return sizes[0] > 2 and shared and sizes[1] < sizes[0]


def _point(start: dict[str, tuple[int, ...]], number: int) -> dict[str, Any]:
    generator = np.random.default_rng(number)
    return {name: 0.5 * generator.normal(size=shape) for name, shape in start.items()}


def _scales(name: str, other: str, slope: dict[str, Any], point: dict[str, Any]) -> bool:
    by_site = np.asarray(point[name], float) * np.asarray(slope[name], float)
    by_scale = float(np.sum(slope[other], dtype=float))
    size = float(np.abs(by_site).sum())
    return size > 1e-4 and abs(float(by_site.sum()) - by_scale) <= _CLOSE * size
