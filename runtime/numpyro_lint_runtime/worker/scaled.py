"""How a standard site is scaled by hand: found by how the density of the data changes with it.

Where `tau` comes into the log density of the data only as `tau * z`, to double the one is to double
the other: by Euler's theorem the slope towards `log tau` is the sum of `z` times the slopes towards
`z`. So `loc + tau * z` is known however it is written, and `loc + diag(tau) @ L @ z` as well. What
is added to `tau * z` has, by the chain rule, the sum of the slopes towards `z`, over `tau`; with an
`L` in between, of these slopes with that undone. A latent on the line may be the logarithm of a
scale, or lead to one by softplus: its slope is then a known factor times that of the logarithm.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np
from numpyro.distributions.transforms import (
    CorrCholeskyTransform,
    IdentityTransform,
    IndependentTransform,
)

from .depends import added_up

_POINTS = 2
_CLOSE = 2e-3
Shapes = dict[str, tuple[int, ...]]
Values = dict[str, Any]


@dataclass(frozen=True)
class Scaled:
    """The latents that scale a standard site, and those that are added to it then.

    `mix` is the Cholesky factor of correlations by which its last dim is multiplied before, if any.
    `locs` is None where its elements are mixed with each other in another way. Of the scales, those
    in `softplus` are so by softplus, all others are positive, or logarithms. `columns` are single
    numbers that are added to one of its last dim each, and which. `turned`: of the first of its two
    dims all this is true. `summed`: its elements are the steps of a walk, and nothing is known of
    what is added. `staged`: what is made of it is read off the staged program: of a walk, what a
    scan carries on (carried.py), else what it is scaled by (staged.py).
    """

    scales: tuple[str, ...]
    locs: tuple[str, ...] | None
    mix: str = ""
    softplus: tuple[str, ...] = ()
    columns: tuple[tuple[str, int], ...] = ()
    turned: bool = False
    summed: bool = False
    staged: bool = False


@dataclass(frozen=True)
class _Point:
    """Values of all latents in unconstrained space, the slopes there, and `mixes`: those of the
    values that are Cholesky factors, as they are in the model."""

    values: Values
    slopes: Values
    mixes: Values

    def log(self, name: str) -> _Point:
        """With the logarithm of the softplus of a latent in its place."""
        value = _numbers(self.values[name])
        scale = np.logaddexp(value, 0.0)
        slope = _numbers(self.slopes[name]) * scale * (1.0 + np.exp(-value))
        return replace(
            self,
            values={**self.values, name: np.log(scale)},
            slopes={**self.slopes, name: slope},
        )

    def turned(self, name: str) -> _Point:
        """With the dims of a site the other way round."""
        return replace(
            self,
            values={**self.values, name: self.values[name].T},
            slopes={**self.slopes, name: self.slopes[name].T},
        )


def scaled(
    standard: Sequence[str], data: Any, start: Shapes, transforms: Mapping[str, Any]
) -> dict[str, Scaled]:
    """How some standard sites are scaled: those of them that are.

    `data` is minus the log density of what is observed, at a point of unconstrained space, `start`
    the shapes of the latents there, and `transforms` lead from there to the model.
    """
    slopes = jax.jit(jax.grad(data))
    may = {(name, other) for name in standard for other in start if _may(start, name, other)}
    plain = {(name, other) for name, other in may if other not in standard}
    softplus = {(name, other) for name, other in plain if _is_identity(transforms[other])}
    points: list[_Point] = []
    for number in range(_POINTS):
        if not plain | softplus:
            return {}
        values = _values(start, number)
        mixes = {
            name: transform(values[name])
            for name, transform in transforms.items()
            if isinstance(transform, CorrCholeskyTransform)
        }
        points.append(_Point(values, *jax.device_get((slopes(values), mixes))))
        plain = {pair for pair in plain if _scales(*pair, points[-1])}
        softplus = {
            (name, other) for name, other in softplus if _scales(name, other, points[-1].log(other))
        }
    # A location may look like a standard site: one normal for each of the last dim.
    made = {name for name, _ in plain | softplus}
    walks, carried = _walks(made, data, points[0].values) if made else (set(), set())
    return {
        name: _walk(_of(name, plain), _of(name, softplus - plain), name in carried)
        if name in walks | carried
        else _scaled(
            name, _of(name, plain), _of(name, softplus - plain), _of(name, may) - made, points
        )
        for name in made
    }


def of_zero_sum(found: Scaled, start: Shapes) -> Scaled:
    """How a site is scaled that sums to nought: of its elements in unconstrained space nothing is
    known but that a single number scales all, whatever is made of them then."""
    single = all(math.prod(start[name]) == 1 for name in found.scales)
    return Scaled(found.scales, () if single else None, softplus=found.softplus)


def _walks(names: set[str], data: Any, values: Values) -> tuple[set[str], set[str]]:
    """The sites of one dim of which the elements are added up one after another; and those that a
    scan carries on."""
    leaves, tree = jax.tree.flatten(dict(values))
    order = sorted(values)
    staged = jax.make_jaxpr(lambda *each: data(jax.tree.unflatten(tree, each)))(*leaves)
    marks = [frozenset({n} if name in names else ()) for n, name in enumerate(order)]
    added, carried = added_up(staged.jaxpr, marks)
    walks = {order[n] for n in added - carried if values[order[n]].ndim == 1}
    return walks, {order[n] for n in carried}


def _walk(plain: set[str], softplus: set[str], staged: bool) -> Scaled:
    scales = tuple(sorted(plain | softplus))
    return Scaled(scales, (), softplus=tuple(sorted(softplus)), summed=True, staged=staged)


def _of(name: str, pairs: set[tuple[str, str]]) -> set[str]:
    return {other for each, other in pairs if each == name}


def _scaled(
    name: str, plain: set[str], softplus: set[str], others: set[str], points: list[_Point]
) -> Scaled:
    """With what is added to a site, and by what it is mixed: the first way that explains it."""
    scales = tuple(sorted(plain | softplus))
    points = [functools.reduce(_Point.log, softplus, point) for point in points]
    sides = (False, True) if points[0].values[name].ndim == 2 else (False,)
    for turned in sides:
        seen = [point.turned(name) for point in points] if turned else points
        size = seen[0].values[name].shape[-1]
        mixes = [each for each, factor in seen[0].mixes.items() if factor.shape == (size, size)]
        for mix in ("", *mixes):
            added = others - set(scales)
            found = [_added(name, scales, mix, added, point) for point in seen]
            if all(each is not None for each in found):
                (locs, columns), *rest = [each for each in found if each is not None]
                for more, further in rest:
                    locs, columns = locs & more, columns & further
                return Scaled(
                    scales,
                    tuple(sorted(locs)),
                    mix,
                    tuple(sorted(softplus)),
                    tuple(sorted(columns)),
                    turned,
                )
    return Scaled(scales, None)


def _may(start: Shapes, name: str, other: str) -> bool:
    """Whether a latent may scale a site: it is one for all elements, or one for each of the last
    dim, or of the first of two."""
    groups, sizes = start[name], [math.prod(start[each]) for each in (name, other)]
    sides = {groups[-1:], groups[:1]} if len(groups) == 2 else {groups[-1:]}
    shared = sizes[1] == 1 or start[other] in sides
    return sizes[0] > 2 and shared and sizes[1] < sizes[0]


def _is_identity(transform: Any) -> bool:
    return isinstance(transform, IdentityTransform) or (
        isinstance(transform, IndependentTransform) and _is_identity(transform.base_transform)
    )


def _values(start: Shapes, number: int) -> Values:
    generator = np.random.default_rng(number)
    return {name: 0.5 * generator.normal(size=shape) for name, shape in start.items()}


def _scales(name: str, other: str, point: _Point) -> bool:
    by_site = _numbers(point.values[name]) * _numbers(point.slopes[name])
    return _same(by_site, _numbers(point.slopes[other]).sum())


def _added(
    name: str, scales: tuple[str, ...], mix: str, others: set[str], point: _Point
) -> tuple[set[str], set[tuple[str, int]]] | None:
    """Which of some latents are added to a site once it is mixed and scaled, and which to one of
    its last dim alone; None where another thing is done to it than that."""
    z, slope = (_numbers(each[name]) for each in (point.values, point.slopes))
    if mix:
        factor = _numbers(point.mixes[mix])
        z, slope = z @ factor.T, np.linalg.solve(factor.T, slope[..., None])[..., 0]
    if not all(_each(slope * z, point.slopes[each]) for each in scales):
        return None
    # Of one number, or of one for each of the last dim.
    scale = np.exp(sum(_numbers(point.values[each]).ravel() for each in scales))
    pull = slope / scale
    locs = {each for each in others if _each(pull, point.slopes[each])}
    single = [each for each in others - locs if np.size(point.slopes[each]) == 1]
    return locs, {
        (each, column)
        for each in single
        for column in range(pull.shape[-1] if pull.ndim > 1 else 0)
        if _same(pull[..., column], float(_numbers(point.slopes[each]).sum()))
    }


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
