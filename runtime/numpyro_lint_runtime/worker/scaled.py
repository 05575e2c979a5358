"""Which latents scale a standard normal: found by how the log density changes with both.

Where `tau` comes into the data's log density only as `tau * z`, to double the one is to double the
other: by Euler's theorem the slope towards `log tau` is the sum of `z` times the slopes towards `z`.
So `loc + tau * z` is known however it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

_POINTS = 2
_CLOSE = 2e-3


def scales_of(
    standard: Sequence[str], potential: Any, start: dict[str, Any]
) -> dict[str, tuple[str, ...]]:
    """The latents that scale each of some sites of a standard normal, as far as there are any.

    `potential` is minus the log density at a point of unconstrained space like `start`.
    """
    slopes = jax.jit(jax.grad(potential))
    others = [name for name in start if name not in standard]
    left = {(name, other) for name in standard for other in others if _may_scale(start, name, other)}
    for number in range(_POINTS):
        if not left:
            return {}
        point = _point(start, number)
        here, flat = jax.device_get((slopes(point), point))
        away = jax.device_get(slopes({**point, **{name: -point[name] for name in standard}}))
        left = {each for each in left if _scales(*each, here, away, flat)}
    return {name: tuple(o for n, o in sorted(left) if n == name) for name in standard}


def _may_scale(start: dict[str, Any], name: str, other: str) -> bool:
    return start[name].size > 2 and start[other].size == 1


def _point(start: dict[str, Any], number: int) -> dict[str, Any]:
    keys = jax.random.split(jax.random.key(number), len(start))
    return {
        name: 0.5 * jax.random.normal(key, jnp.shape(value), value.dtype)
        for key, (name, value) in zip(keys, start.items(), strict=True)
    }


def _scales(name: str, other: str, here: Any, away: Any, point: Any) -> bool:
    """Whether one scales the other, the priors of both being set aside.

    That of a standard normal is known; that of the scale does not depend on the sign of `name`.
    """
    z = np.asarray(point[name], float)
    data = z * (np.asarray(here[name], float) - z)
    mirrored = -z * (np.asarray(away[name], float) + z)
    by_site = float(data.sum() - mirrored.sum())
    by_scale = float(np.sum(here[other], dtype=float) - np.sum(away[other], dtype=float))
    size = np.abs(data).sum() + np.abs(mirrored).sum()
    return bool(size > 1e-4 and abs(by_site - by_scale) <= _CLOSE * size)
