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
    """The shape and the type of each latent that is drawn as something is run, in the order of the
    draws; no number is drawn."""
    found: dict[str, Any] = {}

    def drawn() -> None:
        with handlers.block(), handlers.seed(rng_seed=0), handlers.trace() as trace:
            run()
        for name, site in trace.items():
            if site["type"] == "sample" and not site["is_observed"]:
                value = jnp.asarray(site["value"])
                found[name] = jax.ShapeDtypeStruct(value.shape, value.dtype)

    jax.eval_shape(drawn)
    return found


def placed(run: Callable[[], Any], values: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """What something gives that is run with these values of its latents, and the trace of it."""
    with (
        handlers.block(),
        handlers.seed(rng_seed=0),
        handlers.trace() as trace,
        handlers.substitute(data=values),
    ):
        return run(), trace


def computed(trace: dict[str, Any]) -> list[Any]:
    """The deterministic sites of a trace that are of real numbers."""
    values = [site["value"] for site in trace.values() if site["type"] == "deterministic"]
    return [v for v in values if isinstance(v, jax.Array) and jnp.issubdtype(v.dtype, jnp.floating)]


def data_of(target: Target) -> Staged:
    """The log density of what a model observes, and its deterministic sites, of the values of its
    latents in the model."""

    def run() -> Any:
        return target.model(*target.args, **target.kwargs)

    def density(values: dict[str, Any]) -> list[Any]:
        _, trace = placed(run, values)
        observed = (s for s in trace.values() if s["type"] == "sample" and s["is_observed"])
        return [sum(map(density_of, observed), start=jnp.zeros(())), *computed(trace)]

    return Staged(density, latents_of_run(run))


def made_of(staged: Staged, name: str) -> Affine | None:
    """What a model makes of a site: what it has a name for, if all is drawn before that it takes;
    else what it is when nothing more scales it."""
    return _named(staged, name) or staged.product(name)


def _named(staged: Staged, name: str) -> Affine | None:
    found = staged.named(name)
    is_known = found is not None and found.scales and found.needs <= staged.before(name)
    return found if is_known else None


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
    if not names:
        return {}
    staged = data_of(target)
    found: dict[str, Scaled] = {}
    for name in names:
        by, before = made_of(staged, name), known.get(name)
        has_name = by is not None and by == _named(staged, name)
        if by is None or (before is not None and not _says_more(by, before, has_name)):
            continue
        if not _is_shared(by, start, most) or not _is_scale(by, start, transforms):
            continue
        # The levels of a walk are made of more than what scales its steps.
        is_walk = before is not None and before.summed
        found[name] = Scaled(tuple(sorted(by.scales)), None if is_walk else (), staged=not is_walk)
    return found


def _says_more(by: Affine, before: Scaled, has_name: bool) -> bool:
    """Whether more scales are found than before, or the same and another location."""
    scales, locs = set(before.scales), set(before.locs or ())
    if by.scales != scales:
        return scales < by.scales
    return has_name and not before.summed and (bool(before.columns) or by.needs != scales | locs)


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
