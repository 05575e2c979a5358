"""Log densities and their gradients site by site, at draws from the prior and where NUTS begins.

All is computed in unconstrained space, as HMC has it: one compiled function of the key and of where
to look gives a few numbers for each site, and those are all that leaves it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from numpyro import handlers
from numpyro.distributions import Distribution, biject_to
from numpyro.infer.util import _unconstrain_reparam

from .describe import is_tracer
from .observe import unwrap

# NUTS begins at a uniform draw from this cube around zero.
RADIUS = 2.0
_ROUNDING = 1e-5


@dataclass(slots=True)
class Looked:
    """What is known of each site at one point: numbers that may be traced.

    `total` is the log density of all, `density` that of each site, `sloped` whether the gradient
    towards a latent is finite; `ranges` are the least and the greatest of each value, and `allowed`
    whether it is in the support; `arguments` the ranges of each argument, and whether it lies
    outside of its domain though it is finite.
    """

    total: Any = 0.0
    density: dict[str, Any] = field(default_factory=dict)
    ranges: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)
    sloped: dict[str, Any] = field(default_factory=dict)
    allowed: dict[str, Any] = field(default_factory=dict)


jax.tree_util.register_pytree_node(
    Looked,
    lambda each: (
        (each.total, each.density, each.ranges, each.arguments, each.sloped, each.allowed),
        None,
    ),
    lambda _, parts: Looked(*parts),
)


class Model:
    """A model with its arguments; `order` has the names of its sites once it has been run."""

    def __init__(self, model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.model, self.args, self.kwargs = model, args, kwargs
        self.order: list[str] = []
        self.discrete: list[str] = []

    def _sites(self, model: Any) -> Iterator[tuple[str, Any]]:
        trace = handlers.trace(model).get_trace(*self.args, **self.kwargs)
        yield from ((name, site) for name, site in trace.items() if site["type"] == "sample")

    def draw(self, key: Any) -> dict[str, Any]:
        """A prior draw of the continuous latents, unconstrained."""
        found: dict[str, Any] = {}
        self.discrete = []
        for name, site in self._sites(handlers.seed(self.model, rng_seed=key)):
            if site["is_observed"]:
                continue
            if site["fn"].support.is_discrete:
                self.discrete.append(name)
            else:
                found[name] = biject_to(site["fn"].support).inv(site["value"])
        return found

    def density(self, latent: dict[str, Any], key: Any) -> tuple[Any, Looked]:
        """The log density at a point of unconstrained space, as HMC has it."""
        placed = handlers.substitute(
            handlers.seed(self.model, rng_seed=key),
            substitute_fn=partial(_unconstrain_reparam, latent),
        )
        looked = self.seen(placed)
        return looked.total, looked

    def seen(self, model: Any) -> Looked:
        """What is known of each site of one run."""
        looked = Looked()
        for name, site in self._sites(model):
            looked.density[name] = density_of(site)
            looked.ranges[name] = range_of(site["value"])
            looked.arguments[name] = dict(_arguments(site["fn"]))
            looked.allowed[name] = _is_allowed(site)
        looked.total = sum(looked.density.values(), start=0.0)
        for name in list(looked.density):
            # The Jacobian of a latent's transform, which comes before the latent.
            if (jacobian := f"_{name}_log_det") in looked.density:
                looked.density[name] += looked.density.pop(jacobian)
        self.order = list(looked.density)
        return looked

    def at(self, key: Any, at_start: Any) -> Looked:
        """What is known at a prior draw or, where `at_start`, at a point where NUTS may begin."""
        latent = self.draw(key)
        for number, name in enumerate(latent):
            start = jax.random.uniform(
                jax.random.fold_in(key, number),
                jnp.shape(latent[name]),
                minval=-RADIUS,
                maxval=RADIUS,
            )
            latent[name] = jnp.where(at_start, start, latent[name])
        looked, slopes = self._with_slopes(latent, key)
        looked.sloped = {name: jnp.all(jnp.isfinite(slope)) for name, slope in slopes.items()}
        return looked

    def _with_slopes(self, latent: dict[str, Any], key: Any) -> tuple[Looked, dict[str, Any]]:
        if not latent:
            return self.density(latent, key)[1], {}
        try:
            slopes, looked = jax.grad(self.density, has_aux=True)(latent, key)
        except ValueError as error:
            if "reverse" not in str(error).lower():  # JAX has no gradient of a while loop
                raise
            return self.density(latent, key)[1], {}
        return looked, slopes


def draw_improper(self: Any, key: Any, sample_shape: tuple[int, ...] = ()) -> Any:
    """In place of `ImproperUniform.sample`, which raises: where NUTS would begin."""
    transform = biject_to(self.support)
    shape = sample_shape + transform.inverse_shape(self.shape())
    return transform(jax.random.uniform(key, shape, minval=-RADIUS, maxval=RADIUS))


def density_of(site: Any) -> Any:
    """The log density of one site of a trace, with its scale and mask."""
    value, between, scale = site["value"], site["intermediates"], site["scale"]
    density = site["fn"].log_prob(value, between) if between else site["fn"].log_prob(value)
    return jnp.sum(density if scale is None else scale * density)


def _is_allowed(site: Any) -> Any:
    """Whether an observed value is in the support of its distribution, where no latent rules it."""
    if not site["is_observed"]:
        return True
    try:
        support = site["fn"].support
        if any(map(is_tracer, jax.tree.leaves(support))):
            return True
        return jnp.all(support(site["value"]))
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return True


def range_of(value: Any) -> Any:
    """The least and the greatest of a value; None where it holds no numbers."""
    dtype = getattr(value, "dtype", None)
    if dtype is not None and jax.dtypes.issubdtype(dtype, jax.dtypes.extended):
        return None
    try:
        array = jnp.asarray(value)
    except (TypeError, ValueError):
        return None
    if array.size == 0 or array.dtype.kind not in "biuf":
        return None
    return jnp.stack([jnp.min(array), jnp.max(array)])


def limits(constraint: Any) -> tuple[float, float] | None:
    """The bounds that a constraint puts on single numbers; None where it puts none."""
    bounds = (
        getattr(constraint, "lower_bound", -math.inf),
        getattr(constraint, "upper_bound", math.inf),
    )
    # `dependent` has no bounds, and in NumPyro 0.16 no event dim that it would tell.
    if bounds == (-math.inf, math.inf) or constraint.event_dim:
        return None
    return bounds if all(isinstance(bound, (int, float)) for bound in bounds) else None


def _arguments(fn: Any) -> Iterator[tuple[str, Any]]:
    """The arguments of a distribution: range, and whether finite numbers are out of bounds."""
    base, _ = unwrap(fn)
    if not isinstance(base, Distribution):
        return
    if "base_dist" in vars(base):
        yield from _arguments(vars(base)["base_dist"])
    for name, constraint in base.arg_constraints.items():
        value = vars(base).get(name)
        found = None if value is None else range_of(value)
        if found is not None:
            yield name, {"range": found, "outside": _is_outside(jnp.asarray(value), constraint)}


def _is_outside(value: Any, constraint: Any) -> Any:
    bounds = limits(constraint)
    if bounds is None:
        return False
    low, high = bounds
    # What rounding has brought over the edge is no mistake of the model's.
    outside = (value < low - _ROUNDING) | (value > high + _ROUNDING)
    return jnp.any(outside & jnp.isfinite(value))
