"""Which latents the data know together and hardly each alone: long and narrow ridges.

Around the joint mode the posterior is close to a normal, and its covariance tells which latents
are known only by a combination of them. Where moving some against each other leaves the density of
the data as it is, wherever they are, that is no matter of these data: the model has one too many.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro import handlers
from numpyro.infer.util import _unconstrain_reparam, potential_energy

from ..protocol import Levels, Ridge
from .arrow import Array
from .density import density_of
from .evidence import latents_of, positive, whitened
from .laplace import FARTHEST, Marginal, Unsettled
from .observe import unwrap
from .slice import Target

# Measured with NUTS: from this correlation on, a gradient is worth a twelfth of what it would be.
LEAST = 0.99
_LEAST_COST = 12.0
# Less of a direction than this is no part of it.
_PART = 0.2
# No model of more latents is looked at, nor one that has more which its groups share.
_MOST_LATENTS, _MOST_SHARED = 2_000, 200
_POINTS = 4
# As many times as wide is much wider.
_WIDER = 2.0
_CLOSE = 1e-3


def ridges(target: Target, asked: Levels) -> list[Ridge]:
    """The levels of a model that are known only together. Raises Unsettled where none is told."""
    model = whitened(target, asked.within)
    start, transforms = latents_of(model, target)
    names = [name for name in asked.names if name in start]
    if len(names) < 2 or sum(map(math.prod, start.values())) > _MOST_LATENTS:
        return []
    covariance = _covariance(model, target, start, names, positive(start, transforms))
    spread = np.sqrt(np.diagonal(covariance))
    correlation = covariance / np.outer(spread, spread)
    sums = _Sums(model, target, start, names)
    found = []
    for group in map(sorted, _tied(correlation)):
        signs = sums.signs(group)
        if signs is not None and not sums.are_alike(group):
            continue
        if signs is None:
            # The mean of a group is something to be known only in a sum.
            group = [each for each in group if math.prod(start[names[each]]) == 1]
        if len(group) > 1 and _cost(correlation, group) >= _LEAST_COST:
            found.append(_told(group, names, covariance, correlation, signs))
    return found


def _covariance(
    model: Any,
    target: Target,
    start: dict[str, tuple[int, ...]],
    names: Sequence[str],
    scales: Sequence[str],
) -> Array:
    """The posterior covariance of some latents around the joint mode; a group is its mean.

    Raises Unsettled where there is none, or one of the `scales` is next to nothing there.
    """

    def potential(latent: dict[str, Any]) -> Any:
        return potential_energy(model, target.args, target.kwargs, latent)

    marginal = Marginal(potential, potential, start, [])
    if marginal.layout.corner.size > _MOST_SHARED:
        raise Unsettled("it has too many latents")
    point = marginal.at(np.zeros(0), np.zeros(marginal.rest.size))
    if any(np.abs(point.mode[marginal.places[name]]).max() > FARTHEST for name in scales):
        raise Unsettled("no mode is found")
    means = np.zeros((len(names), marginal.rest.size))
    for row, name in zip(means, names, strict=True):
        places = marginal.places[name].ravel()
        row[places] = 1.0 / places.size
    try:
        solved = [point.hessian.solve(row, marginal.layout) for row in means]
    except np.linalg.LinAlgError:
        raise Unsettled("the log density has no peak") from None
    found = means @ np.stack(solved, axis=1)
    if not np.all(np.isfinite(found)) or np.diagonal(found).min() <= 0:
        raise Unsettled("the log density has no peak")
    return np.asarray(found)


def _tied(correlation: Array) -> Iterator[list[int]]:
    """The latents that are bound by correlations, one to another; at last those that are bound all
    together, though no two of them are."""
    size = np.abs(correlation)
    np.fill_diagonal(size, 0.0)
    left = set(range(len(size)))
    while left:
        order = sorted(left)
        inner = size[np.ix_(order, order)]
        first, second = (order[int(n)] for n in np.unravel_index(np.argmax(inner), inner.shape))
        if size[first, second] < LEAST:
            break
        group = [first, second]
        group += [each for each in order if each not in group and size[each, group].max() >= LEAST]
        left -= set(group)
        yield group
    if len(left) > 2:
        order = sorted(left)
        values, vectors = np.linalg.eigh(correlation[np.ix_(order, order)])
        if values[0] <= 1 - LEAST:
            yield [order[int(n)] for n in np.flatnonzero(np.abs(vectors[:, 0]) >= _PART)]


class _Sums:
    """Whether moving some latents against each other leaves all but their own priors as it is."""

    def __init__(
        self,
        model: Any,
        target: Target,
        start: dict[str, tuple[int, ...]],
        names: Sequence[str],
    ) -> None:
        def rest(latent: dict[str, Any]) -> tuple[Any, Any]:
            placed = handlers.substitute(model, substitute_fn=partial(_unconstrain_reparam, latent))
            trace = handlers.trace(placed).get_trace(*target.args, **target.kwargs)
            sites = (s for n, s in trace.items() if s["type"] == "sample" and n not in names)
            scales = {name: jnp.max(unwrap(trace[name]["fn"])[0].scale) for name in names}
            return -sum(map(density_of, sites), start=jnp.zeros(())), scales

        self._slopes = jax.jit(jax.grad(rest, has_aux=True))
        self._start, self._names = start, names
        self._known: list[Array] = []
        self._scales = np.zeros(len(names))

    def are_alike(self, group: Sequence[int]) -> bool:
        """Whether no prior of some is much narrower than another: that is what may be meant to be
        little, as the bias of a device or the offsets of groups."""
        scales = self._scales[list(group)]
        return bool(scales.max() < _WIDER * scales.min())

    def signs(self, group: Sequence[int]) -> tuple[int, ...] | None:
        """The signs of the sum that alone is known of some latents; None where there is none."""
        if not self._known:
            self._known = [self._slope(number) for number in range(_POINTS)]
        slopes = np.stack(self._known)[:, group]
        size = np.abs(slopes).max(axis=1)
        if not np.all(np.isfinite(slopes)) or size.min() <= 1e-6:
            return None
        signs = np.sign(slopes[0] * slopes[0, 0])
        apart = np.abs(slopes * signs - slopes[:, :1]).max(axis=1)
        return tuple(map(int, signs)) if np.all(apart <= _CLOSE * size) else None

    def _slope(self, number: int) -> Array:
        """How all but the priors changes as each latent moves as a whole, at some point."""
        generator = np.random.default_rng(number)
        point = {name: 0.5 * generator.normal(size=shape) for name, shape in self._start.items()}
        slope, scales = jax.device_get(self._slopes(point))
        self._scales = np.array([scales[name] for name in self._names], float)
        return np.array([np.sum(slope[name], dtype=float) for name in self._names])


def _cost(correlation: Array, group: Sequence[int]) -> float:
    """How many times the gradients a draw takes for the ridge: its length by its width."""
    values = np.linalg.eigvalsh(correlation[np.ix_(group, group)])
    return math.sqrt(values[-1] / max(values[0], 1e-12))


def _told(
    group: Sequence[int],
    names: Sequence[str],
    covariance: Array,
    correlation: Array,
    signs: tuple[int, ...] | None,
) -> Ridge:
    own = correlation[np.ix_(group, group)] - np.eye(len(group))
    weight = np.zeros(len(names))
    weight[list(group)] = signs or 0
    return Ridge(
        tuple(names[each] for each in group),
        float(own.ravel()[np.argmax(np.abs(own))]),
        _cost(correlation, group),
        {names[each]: math.sqrt(covariance[each, each]) for each in group},
        signs or (),
        math.sqrt(max(float(weight @ covariance @ weight), 0.0)),
    )
