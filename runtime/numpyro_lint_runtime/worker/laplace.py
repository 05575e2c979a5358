"""The marginal posterior of a few scales, by Laplace's approximation over all other latents.

A joint mode will not do: it takes a scale to zero where the model is centred and inflates it where
it is decentred. With the scales fixed the rest is close to normal, so that it can be integrated out
around its mode (Tierney and Kadane 1986; Rue, Martino and Chopin 2009): exactly so for normal
groups with a normal likelihood. The scales are then looked at along each of their own axes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import numpy as np

from .arrow import Array, Arrow, layout_of

# Steps of Newton's method for one mode.
_STEPS = 80
_CLOSE = 1e-3
# How far the log density falls before an axis is left, and the most points on each side of it.
_DROP, _POINTS = 5.0, 16
# Rounds of looking for the highest point, axis by axis.
_ROUNDS = 6
# Where the search for the highest point may begin: all scales, and the spread of the rest.
_STARTS, _NEAR = (-1.0, 0.0, 1.0), 0.3
# An unconstrained number farther from zero than this is taken for no end of the axis.
FARTHEST = 12.0

Potential = Callable[[dict[str, Any]], Any]


class Unsettled(Exception):
    """Where no mode is found: the message says why."""


@dataclass(slots=True)
class Point:
    """The other latents at one value of the scales.

    `scales` (unconstrained) and `rest` are flat; `mode` is where the rest is most likely and
    `hessian` that of minus the log density there; `height` is the log density of the scales, all
    else integrated out, up to a constant.
    """

    scales: Array
    mode: Array
    hessian: Arrow
    height: float


class Places:
    """Where each of some arrays stands in a flat one; `size` is that of all."""

    def __init__(self, shapes: dict[str, tuple[int, ...]]) -> None:
        self._ends = np.cumsum([0, *(math.prod(shape) for shape in shapes.values())])
        self._shapes = shapes
        self.size = int(self._ends[-1])

    def parts(self, flat: Any) -> dict[str, Any]:
        """The arrays in a flat one, of numpy or of JAX."""
        ends = zip(self._ends[:-1], self._ends[1:], self._shapes.items(), strict=True)
        return {name: flat[first:last].reshape(shape) for first, last, (name, shape) in ends}


class Marginal:
    """The log density of some latents, the others integrated out.

    `potential` is minus the log density of all at a point of unconstrained space, `data` that of
    what is observed alone, `start` the shapes of the latents there, `scales` the names of those
    that are kept.
    """

    def __init__(
        self,
        potential: Potential,
        data: Potential,
        start: dict[str, tuple[int, ...]],
        scales: list[str],
    ) -> None:
        self.scales = Places({name: start[name] for name in scales})
        self.rest = Places({name: each for name, each in start.items() if name not in scales})

        def flat(energy: Potential, rest: Any, scales: Any) -> Any:
            return energy({**self.scales.parts(scales), **self.rest.parts(rest)})

        def products(energy: Potential, rest: Any, scales: Any, vectors: Any) -> Any:
            slope = jax.grad(lambda rest: flat(energy, rest, scales))
            return jax.vmap(lambda vector: jax.jvp(slope, (rest,), (vector,))[1])(vectors)

        def looked(rest: Any, scales: Any, vectors: Any) -> Any:
            value, slope = jax.value_and_grad(partial(flat, potential))(rest, scales)
            return value, slope, products(potential, rest, scales, vectors)

        there, then = (0.3 * np.cos(1.0 + np.arange(e.size)) for e in (self.rest, self.scales))
        multiply = jax.jit(lambda vectors: products(potential, there, then, vectors))
        self.places = self.rest.parts(np.arange(self.rest.size))
        self.layout = layout_of(self.places, lambda vectors: np.asarray(multiply(vectors), float))
        self._signs = np.random.default_rng(1).choice([-1.0, 1.0], size=len(self.layout.groups))
        self._vectors = self.layout.probes(self._signs)
        self._looked, self._products = jax.jit(looked), jax.jit(partial(products, data))

    def at(self, scales: Array, near: Array) -> Point:
        """What is known at one value of the scales; the search begins `near`.

        Raises Unsettled where the rest has no mode.
        """
        rest, damping = np.asarray(near, float), 0.0
        value, slope, hessian = self._look(rest, scales)
        if not np.isfinite(value):
            raise Unsettled("the log density is not finite")
        for _ in range(_STEPS):
            step, damping = self._newton(hessian, slope, damping)
            decrease = float(slope @ step)
            if decrease < _CLOSE**2:
                break
            there = self._look(rest - step, scales)
            # Rounding alone moves a large log density by this much.
            if there[0] <= value - 1e-4 * decrease + 1e-6 * abs(value):
                rest, damping = rest - step, damping / 10
                value, slope, hessian = there
            else:
                damping = max(damping, 1e-3) * 10
            if damping > 1e8:
                raise Unsettled("no mode is found")
        try:
            return Point(scales, rest, hessian, -value - hessian.volume() / 2)
        except np.linalg.LinAlgError:
            raise Unsettled("the log density has no peak") from None

    def information(self, point: Point) -> Arrow:
        """The Hessian of what is observed alone, at a point."""
        products = jax.device_get(self._products(point.mode, point.scales, self._vectors))
        return self.layout.arrow(np.asarray(products, float), self._signs)

    def _look(self, rest: Array, scales: Array) -> tuple[float, Array, Arrow]:
        value, slope, products = jax.device_get(self._looked(rest, scales, self._vectors))
        hessian = self.layout.arrow(np.asarray(products, float), self._signs)
        return float(value), np.asarray(slope, float), hessian

    def _newton(self, hessian: Arrow, slope: Array, damping: float) -> tuple[Array, float]:
        """Newton's step, and the damping that it took: some, where the surface is not convex."""
        for _ in range(30):
            try:
                return hessian.damped(damping).solve(slope, self.layout), damping
            except np.linalg.LinAlgError:
                damping = max(damping, 1e-4) * 4
        raise Unsettled("no mode is found")


def summit(marginal: Marginal) -> Point:
    """Where the scales are most likely, climbed to from the highest of a few places.

    From a single one a slope that vanishes there, as that of a product of two latents at zero, may
    lead to a mode of the others that is none of the whole. Raises Unsettled where none has a mode.
    """
    generator = np.random.default_rng(0)
    found: list[Point] = []
    failure = Unsettled("no mode is found")
    for scale in _STARTS:
        near = _NEAR * generator.standard_normal(marginal.rest.size)
        try:
            found.append(marginal.at(np.full(marginal.scales.size, scale), near))
        except Unsettled as error:
            failure = error
    if not found:
        raise failure
    return highest(marginal, max(found, key=lambda point: point.height))


def highest(marginal: Marginal, best: Point) -> Point:
    """Where the scales are most likely, axis by axis from a point."""
    widths = np.ones(len(best.scales))
    for _ in range(_ROUNDS):
        before = best.height
        for axis in range(len(widths)):
            best, widths[axis] = _climbed(marginal, best, axis, widths[axis])
        if best.height - before < 0.01:
            break
    return best


def _climbed(marginal: Marginal, best: Point, axis: int, width: float) -> tuple[Point, float]:
    """The highest point along one axis, with the width of the step that was found fitting."""
    width = min(max(width, 0.05), 2.0)
    for _ in range(12):
        sides = [_moved(marginal, best, axis, sign * width) for sign in (-1.0, 1.0)]
        higher = max((s for s in sides if s is not None), key=lambda s: s.height, default=best)
        if higher.height > best.height:
            best = higher
        elif width < 0.2:
            return best, width
        else:
            width /= 2
    return best, width


def _moved(marginal: Marginal, point: Point, axis: int, by: float) -> Point | None:
    """The point next to one along an axis; None where there is nothing."""
    scales = point.scales.copy()
    scales[axis] += by
    if abs(scales[axis]) > FARTHEST:
        return None
    try:
        return marginal.at(scales, point.mode)
    except Unsettled:
        return None


def along(marginal: Marginal, best: Point, axis: int) -> list[Point]:
    """Points at even steps along an axis through the highest one, to where little is left."""
    width = _width(marginal, best, axis)
    return [
        *reversed(list(_outwards(marginal, best, axis, -width))),
        best,
        *_outwards(marginal, best, axis, width),
    ]


def _width(marginal: Marginal, best: Point, axis: int) -> float:
    """A step along which the log density falls by about a half."""
    width = 0.5
    for _ in range(8):
        sides = [_moved(marginal, best, axis, sign * width) for sign in (-1.0, 1.0)]
        falls = [best.height - each.height for each in sides if each is not None]
        fall = sum(falls) / len(falls) if falls else 0.0
        if 0.1 <= fall <= 1.5:
            break
        width *= min(max(math.sqrt(0.5 / max(fall, 0.01)), 0.2), 3.0)
    return width


def _outwards(marginal: Marginal, best: Point, axis: int, step: float) -> Iterator[Point]:
    point = best
    for _ in range(_POINTS):
        following = _moved(marginal, point, axis, step)
        if following is None:
            return
        yield following
        if following.height < best.height - _DROP:
            return
        point = following


def weights(points: list[Point]) -> Array:
    """How much of the posterior each of some evenly spaced points stands for."""
    heights = np.array([each.height for each in points])
    mass = np.exp(heights - heights.max())
    return np.asarray(mass / mass.sum())
