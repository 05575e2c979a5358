"""How a standard site is scaled by hand: found by how the density of the data changes with it.

Where `tau` comes into the log density of the data only as `tau * z`, to double the one is to double
the other: by Euler's theorem the slope towards `log tau` is the sum of `z` times the slopes towards
`z`. So `loc + tau * z` is known however it is written, and `loc + diag(tau) @ L @ z` as well. What
is added to `tau * z` has, by the chain rule, the sum of the slopes towards `z`, over `tau`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

_POINTS = 2
_CLOSE = 2e-3
Shapes = dict[str, tuple[int, ...]]
Values = dict[str, Any]


@dataclass(frozen=True)
class Scaled:
    """The latents that scale a standard site, and those that are added to it then.

    `locs` is None where its elements are not scaled each alone, but mixed with each other before.
    """

    scales: tuple[str, ...]
    locs: tuple[str, ...] | None


def scaled(standard: Sequence[str], data: Any, start: Shapes) -> dict[str, Scaled]:
    """How some standard sites are scaled: those of them that are.

    `data` is minus the log density of what is observed, at a point of unconstrained space, and
    `start` the shapes of the latents there.
    """
    slopes = jax.jit(jax.grad(data))
    others = [name for name in start if name not in standard]
    may = {(name, other) for name in standard for other in others if _may(start, name, other)}
    scales, points = set(may), []
    for number in range(_POINTS):
        if not scales:
            return {}
        point = _point(start, number)
        points.append((point, jax.device_get(slopes(point))))
        scales = {pair for pair in scales if _scales(*pair, *points[-1])}
    found = {name: tuple(o for n, o in sorted(scales) if n == name) for name in standard}
    return {
        name: Scaled(own, _locs(name, own, sorted(o for n, o in may if n == name), points))
        for name, own in found.items()
        if own
    }


def _may(start: Shapes, name: str, other: str) -> bool:
    """Whether a latent may scale a site: it is one for all elements, or one for each of the last
    dim."""
    groups, sizes = start[name], [math.prod(start[each]) for each in (name, other)]
    shared = sizes[1] == 1 or start[other] == groups[-1:]
    return sizes[0] > 2 and shared and sizes[1] < sizes[0]


def _point(start: Shapes, number: int) -> Values:
    generator = np.random.default_rng(number)
    return {name: 0.5 * generator.normal(size=shape) for name, shape in start.items()}


def _scales(name: str, other: str, point: Values, slope: Values) -> bool:
    by_site = _numbers(point[name]) * _numbers(slope[name])
    return _same(by_site, _numbers(slope[other]).sum())


def _locs(
    name: str, scales: tuple[str, ...], others: list[str], points: list[tuple[Values, Values]]
) -> tuple[str, ...] | None:
    locs = [other for other in others if other not in scales]
    for point, slope in points:
        by_site = _numbers(slope[name])
        if not all(_each(by_site * _numbers(point[name]), slope[each]) for each in scales):
            return None
        # Of one number, or of one for each of the last dim.
        scale = np.exp(sum(_numbers(point[each]).ravel() for each in scales))
        locs = [each for each in locs if _each(by_site / scale, slope[each])]
    return tuple(locs)


def _each(by_site: Any, slope: Any) -> bool:
    """Whether slopes towards the elements of a site come to that of a latent, by each of its
    own."""
    known = _numbers(slope).ravel()
    if known.size == 1:
        return _same(by_site, known[0])
    columns = by_site.reshape(-1, known.size)
    return all(_same(columns[:, n], each) for n, each in enumerate(known))


def _same(parts: Any, total: float) -> bool:
    size = float(np.abs(parts).sum())
    return size > 1e-4 and abs(float(parts.sum()) - float(total)) <= _CLOSE * size


def _numbers(array: Any) -> Any:
    return np.asarray(array, float)
