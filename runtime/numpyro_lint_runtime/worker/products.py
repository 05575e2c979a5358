"""Standard sites that a model scales by what it computes of others: `z * tau * lam`, and such."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro import handlers

from .density import density_of
from .scaled import Scaled, Shapes
from .slice import Target
from .staged import Affine, Staged

# Points at which a scale is looked at: it is positive at all of them.
_POINTS = 32
# As far as latents are from zero there, in unconstrained space.
_WIDTH = 1.0


def latents_of_run(run: Callable[[], Any]) -> dict[str, Any]:
    """The shape and the type of each latent that is drawn as something is run, without a number."""

    def drawn() -> dict[str, Any]:
        with handlers.block(), handlers.seed(rng_seed=0), handlers.trace() as trace:
            run()
        return {
            name: site["value"]
            for name, site in trace.items()
            if site["type"] == "sample" and not site["is_observed"]
        }

    found: dict[str, Any] = jax.eval_shape(drawn)
    return found


def data_of(target: Target) -> Staged:
    """The log density of what a model observes, of the values of its latents in the model."""

    def run() -> Any:
        return target.model(*target.args, **target.kwargs)

    def density(values: dict[str, Any]) -> Any:
        with (
            handlers.block(),
            handlers.seed(rng_seed=0),
            handlers.trace() as trace,
            handlers.substitute(data=values),
        ):
            run()
        observed = (s for s in trace.values() if s["type"] == "sample" and s["is_observed"])
        return sum(map(density_of, observed), start=jnp.zeros(()))

    return Staged(density, latents_of_run(run))


def by_products(
    target: Target,
    names: Sequence[str],
    known: Mapping[str, Scaled],
    start: Shapes,
    transforms: Mapping[str, Any],
    most: int,
) -> dict[str, Scaled]:
    """How standard sites are scaled of which not all scales are `known`, those of several elements
    being at most so many numbers.

    `transforms` lead to the latents from unconstrained space, where they have these shapes:
    `start`.
    """
    staged = data_of(target) if names else None
    found: dict[str, Scaled] = {}
    for name in names:
        by = staged.product(name) if staged is not None else None
        before = known.get(name)
        if by is None or (before is not None and not set(before.scales) < by.scales):
            continue
        if not _is_shared(by, start, most) or not _is_scale(by, start, transforms):
            continue
        # The levels of a walk are made of more than what scales its steps.
        is_walk = before is not None and before.summed
        found[name] = Scaled(tuple(sorted(by.scales)), None if is_walk else (), staged=not is_walk)
    return found


def _is_scale(found: Affine, start: Shapes, transforms: Mapping[str, Any]) -> bool:
    """Whether what multiplies a site is positive wherever the latents are."""

    def least(values: dict[str, Any]) -> Any:
        return found.at({name: transforms[name](values[name]) for name in found.needs})[1].min()

    generator, look = np.random.default_rng(2), jax.jit(least)
    return all(
        float(look({n: _WIDTH * generator.normal(size=start[n]) for n in sorted(found.needs)})) > 0
        for _ in range(_POINTS)
    )


def _is_shared(found: Affine, start: Shapes, most: int) -> bool:
    """Whether one of the scales is of several elements, and those that are come to few numbers."""
    sizes = [math.prod(start[each]) for each in found.scales]
    shared = [each for each in sizes if each < math.prod(start[found.name])]
    return bool(shared) and sum(shared) <= most
