"""Hessians of hierarchical models: many small blocks, one for each group, and a border to the rest.

Given the parameters that all groups share, groups know nothing of each other. So a product with the
Hessian of a vector that moves every group at once has all of their blocks, and what is solved costs
as much as there are groups, not the cube of it. Where that is not so, all is the corner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
# Fewer groups than these are solved as they are.
_FEW = 32
# How often groups are moved at random to find whether one moves another.
_DRAWS = 8


@dataclass(slots=True)
class Layout:
    """Which of the flat latents are those of groups: `groups[i]` are those of one, of shape (n, k).

    `corner`, of shape (q,), are all others.
    """

    groups: Array
    corner: Array

    def probes(self, signs: Array) -> Array:
        """The vectors to multiply with: one for each latent of a group, one for each other.

        `signs`, of shape (n,), are those of the groups in the former.
        """
        n, k = self.groups.shape
        size = n * k + self.corner.size
        vectors = np.zeros((k + self.corner.size, size))
        for latent in range(k):
            vectors[latent, self.groups[:, latent]] = signs
        vectors[k + np.arange(self.corner.size), self.corner] = 1.0
        return vectors

    def arrow(self, products: Array, signs: Array) -> Arrow:
        """The Hessian, by its products with the probes."""
        k = self.groups.shape[1]
        blocks = products[:k, self.groups].transpose(1, 2, 0) * signs[:, None, None]
        border = products[k:, self.groups].transpose(1, 2, 0)
        corner = products[k:, self.corner]
        return Arrow((blocks + blocks.transpose(0, 2, 1)) / 2, border, (corner + corner.T) / 2)


@dataclass(slots=True)
class Arrow:
    """A symmetric matrix: `blocks` (n, k, k), their `border` (n, k, q) to the `corner` (q, q)."""

    blocks: Array
    border: Array
    corner: Array

    def damped(self, by: float) -> Arrow:
        """With more of the diagonal."""
        return self._with(lambda diagonal: diagonal + by * (np.abs(diagonal) + 1e-6))

    def raised(self, by: float) -> Arrow:
        """With a number more on the diagonal."""
        return self._with(lambda diagonal: diagonal + by)

    def _with(self, change: Callable[[Array], Array]) -> Arrow:
        blocks, corner = self.blocks.copy(), self.corner.copy()
        for matrix in (blocks, corner):
            places = np.arange(matrix.shape[-1])
            matrix[..., places, places] = change(matrix[..., places, places])
        return Arrow(blocks, self.border, corner)

    def _complement(self) -> Array:
        """The corner, the groups being integrated out. Raises LinAlgError."""
        np.linalg.cholesky(self.blocks)
        held = np.linalg.solve(self.blocks, self.border)
        complement = self.corner - np.einsum("nkp,nkq->pq", self.border, held)
        np.linalg.cholesky(complement)
        return np.asarray(complement)

    def solve(self, right: Array, layout: Layout) -> Array:
        """The product of the inverse with a vector. Raises LinAlgError unless positive definite."""
        complement = self._complement()
        groups, corner = right[layout.groups], right[layout.corner]
        held = np.linalg.solve(self.blocks, groups[..., None])[..., 0]
        outer = np.linalg.solve(complement, corner - np.einsum("nkq,nk->q", self.border, held))
        inner = np.linalg.solve(self.blocks, (groups - self.border @ outer)[..., None])[..., 0]
        found = np.empty_like(right)
        found[layout.groups], found[layout.corner] = inner, outer
        return found

    def volume(self) -> float:
        """The logarithm of the determinant. Raises LinAlgError unless positive definite."""
        complement = self._complement()
        return float(np.linalg.slogdet(self.blocks)[1].sum() + np.linalg.slogdet(complement)[1])

    def drawn(self, generator: np.random.Generator, layout: Layout) -> Array:
        """A draw from the normal about zero of which this is the precision. Raises LinAlgError
        unless positive definite."""
        free = [
            np.asarray(generator.standard_normal(e.shape)) for e in (layout.groups, layout.corner)
        ]
        outer = np.linalg.solve(np.linalg.cholesky(self._complement()).T, free[1])
        roots = np.linalg.cholesky(self.blocks).transpose(0, 2, 1)
        own = np.linalg.solve(roots, free[0][..., None])
        held = np.linalg.solve(self.blocks, (self.border @ outer)[..., None])
        found = np.empty(layout.groups.size + layout.corner.size)
        found[layout.groups], found[layout.corner] = (own - held)[..., 0], outer
        return found

    def variances(self, layout: Layout, moving: Array) -> Array:
        """The variances of some latents, all of these moving together and the rest standing still.

        Raises LinAlgError unless positive definite.
        """
        found = np.zeros(layout.groups.size + layout.corner.size)
        inside = np.isin(layout.corner, moving)
        latents = [k for k in range(self.blocks.shape[1]) if np.isin(layout.groups[0, k], moving)]
        blocks = self.blocks[:, latents][:, :, latents]
        within = Arrow(
            blocks, self.border[:, latents][:, :, inside], self.corner[inside][:, inside]
        )
        rest = np.linalg.inv(within._complement())
        inverse = np.linalg.inv(blocks)
        reach = inverse @ within.border
        spread = np.einsum("nkp,pq,nkq->nk", reach, rest, reach)
        found[layout.groups[:, latents]] = np.diagonal(inverse, axis1=1, axis2=2) + spread
        found[layout.corner[inside]] = np.diagonal(rest)
        return found[moving]


def layout_of(places: dict[str, Array], multiply: Callable[[Array], Array]) -> Layout:
    """How latents are laid out: `places` are those of each site among the flat ones, of its shape.

    `multiply` gives products with a Hessian, of the shape of its argument, at a point where nothing
    is zero by chance.
    """
    size = sum(each.size for each in places.values())
    for groups in _candidates(list(places.values())):
        layout = Layout(groups, np.setdiff1d(np.arange(size), groups))
        if _holds(layout, multiply):
            return layout
    return Layout(np.zeros((0, 0), int), np.arange(size))


def _candidates(sites: list[Array]) -> Iterator[Array]:
    """What may be groups, of shape (n, k): the largest site by its first dim or by its last one,
    with all sites of as many groups."""
    largest = max(sites, key=lambda site: site.size, default=np.zeros(0))
    for axis in dict.fromkeys((0, largest.ndim - 1)) if largest.ndim else ():
        length = largest.shape[axis]
        if length >= _FEW:
            alike = [
                np.moveaxis(s, axis, 0) for s in sites if s.ndim > axis and s.shape[axis] == length
            ]
            yield np.concatenate([each.reshape(length, -1) for each in alike], axis=1)


def _holds(layout: Layout, multiply: Callable[[Array], Array]) -> bool:
    """Whether no group moves another: that would come in with other signs of theirs."""
    n, k = layout.groups.shape
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(_DRAWS, n))
    products = multiply(np.concatenate([layout.probes(each)[:k] for each in signs]))
    products = products.reshape(_DRAWS, k, -1)[:, :, layout.groups] * signs[:, None, :, None]
    close = 1e-3 * np.abs(products).max()
    return bool(np.allclose(products, products[:1], rtol=1e-2, atol=close))
