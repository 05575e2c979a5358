"""Draws of a site against what scales it, for a picture: the same two quantities in both forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..pilots import Scatter
from .chains import Chains
from .diagnostics import Array, bulk_ess

# No more are told: each is some twenty bytes of an answer.
DRAWS, DIVERGENT = 400, 200


@dataclass(frozen=True)
class _Pair:
    """An element of a site and one of its scale, by their places among those looked at."""

    site: str
    element: int
    scale: str
    of_scale: int
    is_log: bool

    def points(self, form: Chains) -> Array:
        """All draws, of shape (chains, draws, 2)."""
        value = form.draws([self.site])[..., self.element]
        scale = form.draws([self.scale])[..., self.of_scale]
        if self.is_log:
            with np.errstate(divide="ignore", invalid="ignore"):
                scale = np.log(scale)
        return np.stack([value, scale], axis=-1)


def scatters(
    sites: Mapping[str, Sequence[str]], own: Chains, other: Chains
) -> list[Scatter | None]:
    """What to show of the model's own form, and of the other one; `sites` with their scales.

    Of each site the element with the least effective draws, with each of its scales; and of these
    pairs the one that is most of a funnel: in which the site strays the more, the larger the scale.
    Both in the model's own form.
    """
    if not own.drawn:
        return [None, None]
    pairs = [pair for name, scales in sites.items() for pair in _pairs(name, scales, own)]
    if not pairs:
        return [None, None]
    pair = max(pairs, key=lambda each: _narrows(each.points(own)))
    return [_told(pair, form) if form.drawn else None for form in (own, other)]


def _pairs(name: str, scales: Sequence[str], own: Chains) -> Iterator[_Pair]:
    element = int(np.argmin(bulk_ess(own.draws([name]))))
    for scale in scales:
        if scale in own.sites:
            is_log = not own.is_real(scale) and bool((own.draws([scale]) >= 0).all())
            for of_scale in _elements_of_scale(name, element, scale, own):
                yield _Pair(name, element, scale, of_scale, is_log)


def _elements_of_scale(name: str, element: int, scale: str, own: Chains) -> Sequence[int]:
    """The element of a scale that goes with one of its site; all, where that is not to be told."""
    shape, looked_at = own.shapes[scale], own.elements(scale)
    place, missing = own.elements(name)[element], len(own.shapes[name]) - len(shape)
    last = zip(shape, own.shapes[name][max(missing, 0) :], strict=False)
    if missing < 0 or any(size not in (1, of_site) for size, of_site in last):
        return range(len(looked_at))
    its = tuple(0 if size == 1 else at for at, size in zip(place[missing:], shape, strict=True))
    return [looked_at.index(its)] if its in looked_at else []


def _narrows(points: Array) -> float:
    """The rank correlation of how far the values are from their median with the scale."""
    values, scales = points.reshape(-1, 2).T
    ranks = [np.argsort(np.argsort(each)) for each in (abs(values - np.median(values)), scales)]
    found = float(np.corrcoef(ranks[0], ranks[1])[0, 1])
    return found if np.isfinite(found) else -1.0


def _told(pair: _Pair, form: Chains) -> Scatter:
    points, diverging = pair.points(form).reshape(-1, 2), form.diverging.reshape(-1)
    finite = np.isfinite(points).all(axis=1)
    return Scatter(
        _written(pair.site, form.elements(pair.site)[pair.element]),
        _written(pair.scale, form.elements(pair.scale)[pair.of_scale]),
        pair.is_log,
        _thinned(points[finite & ~diverging], DRAWS),
        _thinned(points[finite & diverging], DIVERGENT),
    )


def _written(name: str, place: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def _thinned(points: Array, most: int) -> tuple[tuple[float, float], ...]:
    """So many points at most, evenly chosen, to so many digits as are seen."""
    chosen = points[np.linspace(0, len(points) - 1, min(len(points), most)).astype(int)]
    return tuple((float(f"{x:.6g}"), float(f"{y:.6g}")) for x, y in chosen)
