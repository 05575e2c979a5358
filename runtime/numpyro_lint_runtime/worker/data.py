"""What an observation holds, before any tracer takes its place: numbers that no density is for."""

from __future__ import annotations

import math
from typing import Any

import jax
import numpy as np
from numpyro.distributions import (
    Distribution,
    ExpandedDistribution,
    Independent,
    MaskedDistribution,
    constraints,
)

from ..protocol import Data
from .describe import family_of, is_tracer, support_name
from .missing import Missing
from .observe import unwrap

# Of larger arrays the first rows are looked at: some milliseconds.
_MOST = 1_000_000
_NUMBERS = (bool, int, float, np.ndarray, np.generic, jax.Array)
# These have a density at the end of their open support, so that it does no harm there.
_FINITE_AT_END = frozenset({"Exponential", "HalfNormal", "HalfCauchy", "Gompertz"})
# No value of these is a datum that is scored.
_NOT_SCORED = frozenset({"Unit", "Delta", "ImproperUniform"})
_LONGEST = 200


def own_facts(msg: Any, drawn: bool) -> dict[str, Any]:
    """What of a sample site must be seen before its value is marked.

    `drawn`: draws are numbers, from which the ends of a support may have been computed. Raises what
    a distribution of the user's own does.
    """
    observed = data_of(msg["value"], msg["fn"], drawn) if msg.get("is_observed") else None
    empty = None if drawn else empty_support(msg["fn"])
    return {"empty_support": empty, "data": observed}


def data_of(value: Any, fn: Any, drawn: bool = False) -> Data | None:
    """The facts of an observed value under its distribution; None where nothing is known of it."""
    if is_tracer(value) or type(value) is Missing or not isinstance(fn, Distribution):
        return None
    if not _is_numeric(value):
        return _unconverted(value, fn)
    base, _ = unwrap(fn)
    family = family_of(base)
    if family in _NOT_SCORED or not type(base).__module__.startswith("numpyro."):
        return None
    if drawn and not _is_fixed(base.support):
        return _counted(_as_scored(value), fn, None, family)
    return _counted(_as_scored(value), fn, base, family)


def _is_numeric(value: Any) -> bool:
    kind = getattr(value, "dtype", np.dtype(bool)).kind
    return isinstance(value, _NUMBERS) and kind in "biuf"


def _is_fixed(support: Any) -> bool:
    """Whether a support is one that has no arguments."""
    return any(support is each for each in vars(constraints).values())


def _unconverted(value: Any, fn: Any) -> Data | None:
    """What is no array of numbers, with what its log density raises, if it does."""
    try:
        jax.eval_shape(lambda: fn.log_prob(value))
    except Exception as error:
        kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
        if isinstance(value, np.ndarray):
            kind = f"array of {value.dtype}"
        return Data(kind=kind, error=f"{type(error).__name__}: {error}"[:_LONGEST])
    return None


def _as_scored(value: Any) -> np.ndarray:
    """A value as JAX holds it: with 32 bits, unless 64 are enabled."""
    array = np.asarray(value)
    return np.asarray(array, dtype=jax.dtypes.canonicalize_dtype(array.dtype))


def _counted(value: np.ndarray, fn: Any, base: Any, family: str) -> Data | None:
    kept = _kept(fn, value.shape)
    if kept is None:
        return None
    if value.size > _MOST:
        rows = max(1, _MOST * len(value) // value.size)
        if kept is not True:
            return None
        value = value[:rows]
    finite = np.isfinite(value) | ~np.broadcast_to(kept, value.shape)
    number, first = _first(~finite, value)
    outside = _outside(value, base, family) if base is not None else None
    if outside is None:
        return Data(size=value.size, non_finite=number, first_non_finite=first)
    wrong, event_dim, fractional = outside
    wrong = wrong & _whole(np.broadcast_to(kept, value.shape) & np.isfinite(value), event_dim)
    count, first_outside = _first(wrong, value)
    return Data(
        size=value.size, non_finite=number, first_non_finite=first, outside=count,
        first_outside=first_outside, support=_written(base.support) if count else "",
        fractional=bool(count) and bool(np.all(fractional[wrong])),
    )  # fmt: skip


def _whole(kept: np.ndarray, event_dim: int) -> np.ndarray:
    return np.all(kept, axis=tuple(range(-event_dim, 0))) if event_dim else kept


def _first(wrong: np.ndarray, value: np.ndarray) -> tuple[int, str]:
    """How many elements are wrong, and the first with its place."""
    number = int(np.count_nonzero(wrong))
    if not number:
        return 0, ""
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    found = value[place]
    shown = f"{found.item():g}" if found.ndim == 0 else _row(found)
    return number, f"{shown} at {list(place)}" if place else shown


def _row(found: np.ndarray) -> str:
    cells = ", ".join(f"{x:g}" for x in found.ravel()[:5].tolist())
    return f"[{cells}{', ...' if found.size > 5 else ''}]"


def _kept(fn: Any, shape: tuple[int, ...]) -> Any:
    """Which elements masks leave in the log density: True for all, None where it is not known."""
    kept: Any = True
    while isinstance(fn, (ExpandedDistribution, Independent, MaskedDistribution)):
        if isinstance(fn, MaskedDistribution) and fn._mask is not True:
            if is_tracer(fn._mask):
                return None
            mask = np.asarray(fn._mask)
            kept = kept & np.broadcast_to(mask.reshape(mask.shape + (1,) * fn.event_dim), shape)
        fn = fn.base_dist
    return kept


def _outside(
    value: np.ndarray, base: Any, family: str
) -> tuple[np.ndarray, int, np.ndarray] | None:
    """Which elements lie outside of a support whose ends are numbers, and which of these only
    because they are no whole numbers. None where that cannot be told."""
    support = base.support
    leaves, tree = jax.tree.flatten(support)
    if any(map(is_tracer, leaves)) or not isinstance(support, constraints.Constraint):
        return None
    if support is constraints.simplex:
        off = (value < 0).any(-1) | (np.abs(value.sum(-1) - 1) > 1e-3)
        return off, 1, np.zeros(off.shape, bool)
    if support.event_dim or support_name(support) == "circular":
        return None  # a density of a circle is the same after one more turn
    support = jax.tree.unflatten(tree, [np.asarray(leaf) for leaf in leaves])
    inside = _inside(value, support, family)
    if is_tracer(inside):
        return None
    wrong = np.broadcast_to(~np.asarray(inside, bool), value.shape)
    return wrong, 0, wrong & _is_fraction(value, support, family)


def _inside(value: np.ndarray, support: Any, family: str) -> Any:
    inside = support(value)
    lower = getattr(support, "lower_bound", None)
    if family in _FINITE_AT_END and lower is not None:
        return inside | (value == lower)
    return inside


def _is_fraction(value: np.ndarray, support: Any, family: str) -> np.ndarray:
    """Where a value is between whole numbers that are in the support."""
    if not support.is_discrete:
        return np.zeros(value.shape, bool)
    down, up = _inside(np.floor(value), support, family), _inside(np.ceil(value), support, family)
    return (np.floor(value) != value) & np.asarray(down & up, bool)


def _written(support: Any) -> str:
    """A support with its ends, where these are single numbers."""
    ends = [getattr(support, name, None) for name in ("lower_bound", "upper_bound")]
    known = [f"{np.asarray(end).item():g}" for end in ends if end is not None and np.size(end) == 1]
    name = support_name(support)
    return f"{name}({', '.join(known)})" if known and len(known) < 3 else name


def empty_support(fn: Any) -> str | None:
    """The ends of a support in which nothing lies, as `low 3 and high -3`; None for any other."""
    base, _ = unwrap(fn)
    support: Any = getattr(base, "support", None) if isinstance(base, Distribution) else None
    low, high = (getattr(support, name, None) for name in ("lower_bound", "upper_bound"))
    if low is None or high is None or is_tracer(low) or is_tracer(high):
        return None
    low, high = np.broadcast_arrays(np.asarray(low), np.asarray(high))
    wrong = low > high if support.is_discrete else low >= high
    if not wrong.any():
        return None
    place = np.argwhere(wrong)[0]
    ends = [f"{end[tuple(place)].item():g}" for end in (low, high)]
    return (
        f"low {ends[0]} and high {ends[1]}" if not any(map(math.isnan, map(float, ends))) else None
    )
