"""A finished message as plain data: shapes, names and numbers, never a tracer."""

from __future__ import annotations

import functools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro import distributions
from numpyro.distributions import constraints

from ..protocol import Plate
from .observe import unwrap

Scalar = float | int | bool | str
_SUMMARY_LIMIT = 1_000_000
_REAL = {1: "real_vector", 2: "real_matrix"}


@functools.cache
def _singletons() -> dict[int, str]:
    named = {name: getattr(constraints, name) for name in dir(constraints)}
    return {
        id(value): name
        for name, value in sorted(named.items(), reverse=True)
        if isinstance(value, constraints.Constraint)
    }


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def support_name(support: Any) -> str:
    """A constraint by NumPyro's name for it: `real`, `positive`, `interval`, ..."""
    base = getattr(support, "base_constraint", None)
    if base is None:
        return _singletons().get(id(support)) or _snake(type(support).__name__)
    name, dims = support_name(base), support.reinterpreted_batch_ndims
    if name == "real" and dims in _REAL:
        return _REAL[dims]
    return f"independent({name}, {dims})" if dims else name


def is_tracer(value: Any) -> bool:
    return isinstance(value, jax.core.Tracer)


def shape_of(value: Any) -> tuple[int, ...] | None:
    if value is None or isinstance(value, (str, dict)):
        return None
    try:
        return tuple(int(size) for size in np.shape(value))
    except (TypeError, ValueError):
        return None


def dtype_of(value: Any) -> str | None:
    if value is None or isinstance(value, (str, dict)):
        return None
    dtype = getattr(value, "dtype", None)
    if dtype is not None:
        return str(dtype)
    try:
        return str(jnp.result_type(value))
    except (TypeError, ValueError):
        return None


def _number(value: Any) -> Scalar:
    item = value.item() if hasattr(value, "item") else value
    if isinstance(item, float) and not math.isfinite(item):
        return str(item)
    return item if isinstance(item, (bool, int, float)) else str(item)


def value_of(value: Any) -> Scalar | None:
    """A scalar as it is, the range of an array, None for a tracer or what has no numbers."""
    if is_tracer(value) or isinstance(value, (str, dict)) or value is None:
        return None
    dtype = getattr(value, "dtype", None)
    if dtype is not None and jax.dtypes.issubdtype(dtype, jax.dtypes.extended):
        return None
    shape = shape_of(value)
    if shape == ():
        return _number(value)
    if shape is None or not 0 < math.prod(shape) <= _SUMMARY_LIMIT:
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        return None
    return f"{array.min():.6g} .. {array.max():.6g}"


def scale_of(scale: Any) -> float | str | None:
    if scale is None:
        return None
    shape = shape_of(scale)
    if is_tracer(scale) or shape != ():
        return f"array{list(shape or ())}"
    number = _number(scale)
    return float(number) if isinstance(number, (int, float)) else number


def plates_of(msg: Any) -> tuple[Plate, ...]:
    """The plates around a site, outermost first."""
    frames: list[Plate] = []
    # `do` sends its copy through the plates a second time, with the one list of frames.
    for frame in reversed(msg.get("cond_indep_stack") or []):
        plate = Plate(str(frame.name), int(frame.dim), int(frame.size))
        if plate not in frames:
            frames.append(plate)
    return tuple(frames)


def family_of(base: Any) -> str:
    """The name by which one writes a distribution: `Bernoulli`, of whichever class that makes."""
    name = type(base).__name__
    if name.endswith("TruncatedDistribution"):
        truncated = "Truncated" + type(base.base_dist).__name__
        return truncated if hasattr(distributions, truncated) else "TruncatedDistribution"
    for suffix in ("Probs", "Logits"):
        for family in (name.removesuffix(suffix), name.removesuffix(suffix) + "Distribution"):
            if name.endswith(suffix) and hasattr(distributions, family):
                return family
    return name


def distribution_of(fn: Any) -> dict[str, Any]:
    """Family, support and shapes of a distribution, and whether it is masked."""
    base, masked = unwrap(fn)
    facts: dict[str, Any] = {"distribution": family_of(base), "masked": masked}
    for name in ("batch_shape", "event_shape"):
        shape = getattr(fn, name, None)
        facts[name] = None if shape is None else tuple(int(size) for size in shape)
    try:
        facts["support"] = support_name(fn.support)
    except (AttributeError, NotImplementedError):
        facts["support"] = None
    return facts


def value_facts(msg: Any) -> dict[str, Any]:
    """Shape, dtype and, where there is one, number of the value as it is now."""
    value = msg.get("value")
    number = None if msg["type"] == "plate" else value_of(value)
    return {"shape": shape_of(value), "dtype": dtype_of(value), "value": number}


def facts_of(msg: Any) -> dict[str, Any]:
    """The fields of `TracedSite` that are read off the finished message."""
    kind = msg["type"]
    facts: dict[str, Any] = {"name": str(msg.get("name", "")), "type": kind}
    facts["plates"] = plates_of(msg)
    facts["hidden"] = bool(msg.get("stop"))
    if kind == "control_flow":
        return facts
    facts |= value_facts(msg)
    if kind == "param":
        constraint = msg["kwargs"].get("constraint", constraints.real)
        facts["support"] = support_name(constraint)
    if kind == "sample":
        facts |= distribution_of(msg["fn"])
        facts["observed"] = bool(msg.get("is_observed"))
        facts["was_observed"] = bool(msg["infer"].get("was_observed"))
        facts["scale"] = scale_of(msg.get("scale"))
        if facts["distribution"] == "Unit":
            facts["type"] = "factor"
    return facts
