"""How hard NUTS has it with each form of a site, by the curvature of the form over the posterior.

A leapfrog step can be no longer than the sharpest direction allows, `2 / sqrt(curvature)`, and a
trajectory has to be as long as the longest direction is wide: their ratio is about how many
gradients a draw takes (Neal 2011, section 4; Langmore, Dikovsky, Geraedts, Norgaard and von Behren
2019). A step that fits the bulk is too long where the curvature is several times as large: there
trajectories diverge, and the posterior is missed (Betancourt and Girolami 2013). Nothing is
sampled but normal approximations around the modes that Laplace's method found.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..values import Hardness
from .arrow import Array
from .laplace import Marginal, Places, Point, Unsettled, weights

# Points of the posterior that are looked at, and steps of the power method at each.
DRAWS, _TURNS = 128, 24

Latents = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draws:
    """Points of the posterior: `latents` of shape (n, ...) each in unconstrained space, and the
    share of each point, of shape (n,)."""

    latents: Latents
    share: Array


def posterior(marginal: Marginal, best: Point, axes: list[list[Point]]) -> Draws:
    """Points of the posterior: of the scales along their axes, and of the rest around its mode.

    The scales are evenly spread over the product of their axes, and weighted by how high the
    marginal density of all together is there.
    """
    generator = np.random.default_rng(0)
    scales, rest, excess = [], [], []
    for quantiles in _spread(DRAWS, len(axes)):
        where = [_between(points, at) for points, at in zip(axes, quantiles, strict=True)]
        place = np.array([scale[axis] for axis, (scale, _, _) in enumerate(where)])
        near = best.mode + sum((mode - best.mode for _, mode, _ in where), np.zeros(()))
        try:
            point = marginal.at(place, near)
            rest.append(point.mode + point.hessian.drawn(generator, marginal.layout))
        except (Unsettled, np.linalg.LinAlgError):
            continue
        scales.append(place)
        apart = sum(height - best.height for _, _, height in where)
        excess.append(point.height - best.height - apart)
    if len(scales) < DRAWS // 2:
        raise Unsettled("too little of the posterior is found")
    share = np.exp(np.array(excess) - max(excess))
    # A few points are not to stand for all (Ionides 2008).
    share = np.minimum(share, share.mean() * math.sqrt(len(share)))
    parts = jax.vmap(lambda s, r: {**marginal.scales.parts(s), **marginal.rest.parts(r)})
    return Draws(parts(jnp.array(scales), jnp.array(rest)), share / share.sum())


def _spread(number: int, dims: int) -> Array:
    """Points evenly spread over a unit cube (Roberts 2018, the R sequence)."""
    golden = 2.0
    for _ in range(40):
        golden = (1 + golden) ** (1 / (dims + 1))
    steps = (1 / golden) ** np.arange(1, dims + 1)
    return np.asarray((0.5 + np.arange(1, number + 1)[:, None] * steps) % 1.0)


def _between(points: list[Point], quantile: float) -> tuple[Array, Array, float]:
    """Scales, mode and height where so much of the posterior along an axis is below."""
    share = weights(points)
    number = float(np.interp(quantile, np.cumsum(share) - share / 2, np.arange(len(points))))
    low, part = points[int(number)], number % 1.0
    high = points[math.ceil(number)]
    scales, mode = (
        (1 - part) * a + part * b for a, b in ((low.scales, high.scales), (low.mode, high.mode))
    )
    return scales, mode, (1 - part) * low.height + part * high.height


def hardness(potential: Callable[[Latents], Any], draws: Draws) -> Hardness:
    """How hard a form is whose minus log density is `potential`, by draws of its own latents.

    All is measured in posterior standard deviations, as a diagonal mass matrix has it. Raises
    Unsettled where the density has no curvature.
    """
    places = Places({name: value.shape[1:] for name, value in draws.latents.items()})
    rows = (np.asarray(each, float).reshape(len(each), -1) for each in draws.latents.values())
    flat, share = _finite(np.concatenate(list(rows), axis=1), draws.share)
    centre = share @ flat
    width = np.sqrt(share @ (flat - centre) ** 2)
    slope = jax.grad(lambda place: potential(places.parts(place)))

    def product(place: Any, vector: Any) -> Any:
        return width * jax.jvp(slope, (place,), (width * vector,))[1]

    # One after the other: side by side, what has a Cholesky factor takes XLA ten times as long.
    products = jax.jit(lambda *rows: jax.lax.map(lambda row: product(*row), rows))
    sharpest = _sharpest(partial(products, flat), flat.shape)
    curvature, shares = _finite(sharpest[:, None], share)
    median, most = (_quantile(curvature[:, 0], shares, at) for at in (0.5, 0.99))
    scores = (flat - centre) / np.where(width > 0, width, 1.0)
    return Hardness(math.sqrt(median * _longest(scores, share)), most / median)


def _finite(rows: Array, share: Array) -> tuple[Array, Array]:
    """The rows that are all numbers, and their shares. Raises Unsettled where most are not."""
    good = np.isfinite(rows).all(1)
    if not share[good].sum() > 0.5:
        raise Unsettled("the log density has no curvature")
    return rows[good], share[good] / share[good].sum()


def _sharpest(products: Callable[[Array], Any], shape: tuple[int, ...]) -> Array:
    """The largest eigenvalues of some matrices, in size, by the power method.

    `products` are those of each of them with a vector of its own, all of a `shape`.
    """
    vectors = np.broadcast_to(np.cos(1.0 + np.arange(shape[1])), shape)
    for _ in range(_TURNS):
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = np.asarray(products(unit), float)
    return np.asarray(np.linalg.norm(vectors, axis=1))


def _quantile(values: Array, share: Array, quantile: float) -> float:
    order = np.argsort(values)
    return float(np.interp(quantile, np.cumsum(share[order]), values[order]))


def _longest(scores: Array, share: Array) -> float:
    """The largest variance in any direction, of standardised draws of shape (n, latents).

    Among so few draws there is a large one by chance, which is taken off (Baik and Silverstein
    2006).
    """
    observed = float(np.linalg.norm(scores * np.sqrt(share)[:, None], 2)) ** 2
    ratio = scores.shape[1] * float(share @ share)
    middle = max(observed, (1 + math.sqrt(ratio)) ** 2) + 1 - ratio
    return (middle + math.sqrt(max(middle**2 - 4 * (middle - 1 + ratio), 0.0))) / 2
