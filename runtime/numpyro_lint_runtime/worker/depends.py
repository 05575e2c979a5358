"""Which sites each argument of a distribution was computed from, read off the staged program.

While a model is staged, the value of every source site passes through a marker, a primitive that
does nothing. It stands in the jaxpr wherever the site was called, also in the body of a scan or a
branch, so a walk over the jaxpr that carries sets of marks forward gives the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro.distributions import (
    Distribution,
    ExpandedDistribution,
    Independent,
    MaskedDistribution,
    TransformedDistribution,
)
from numpyro.distributions.distribution import Unit

from .observe import unwrap

try:
    from jax.extend.core import Literal, Primitive
except ImportError:
    from jax.core import Literal, Primitive  # type: ignore[no-redef,attr-defined,unused-ignore]
from jax.interpreters import ad, batching, mlir

Marks = frozenset[int]
_NONE: Marks = frozenset()
BESIDE = ""

site_p = Primitive("numpyro_lint_site")
site_p.def_impl(lambda value, *, site: value)
site_p.def_abstract_eval(lambda value, *, site: value)
mlir.register_lowering(site_p, lambda ctx, value, *, site: [value])
batching.primitive_batchers[site_p] = lambda values, dims, *, site: (
    site_p.bind(values[0], site=site),
    dims[0],
)
ad.primitive_jvps[site_p] = lambda primals, tangents, *, site: (
    site_p.bind(primals[0], site=site),
    tangents[0],
)


def mark(value: Any, site: int) -> Any:
    """`value` itself, marked as that of the site; what is not a numeric array stays as it is."""
    if isinstance(value, (bool, int, float, np.ndarray, np.generic)):
        if np.asarray(value).dtype.kind not in "biuf":
            return value
        value = jnp.asarray(value)
    if not isinstance(value, jax.Array) or jax.dtypes.issubdtype(value.dtype, jax.dtypes.extended):
        return value
    return site_p.bind(value, site=site)


def parameters(fn: Any) -> dict[str, list[Any]]:
    """The arguments of a distribution by name, each as its array leaves.

    Looks through `.expand`, `.to_event` and `.mask`. One built on a base (truncated, transformed,
    zero-inflated ...) has the arguments of its base as well.
    """
    base, _ = unwrap(fn)
    if not isinstance(base, Distribution):
        return {}
    held = vars(base)
    names = [name for name in base.arg_constraints if held.get(name) is not None]
    found = {name: jax.tree.leaves(held[name]) for name in names}
    if isinstance(base, TransformedDistribution) and not names:
        found["transforms"] = jax.tree.leaves(base.transforms)
    if "base_dist" in held:
        return {**parameters(held["base_dist"]), **found}
    if found:
        return found
    fields = [name for name in type(base).gather_pytree_data_fields() if name in held]
    return {name.strip("_"): jax.tree.leaves(held[name]) for name in fields}


def masks(fn: Any) -> Iterator[Any]:
    """The masks that are on a distribution, outermost first."""
    while isinstance(fn, (ExpandedDistribution, Independent, MaskedDistribution)):
        if isinstance(fn, MaskedDistribution):
            yield fn._mask
        fn = fn.base_dist


def is_source(msg: Any, every: bool) -> bool:
    """Whether others may be computed from a site; `every`: from what is given, too."""
    if msg["type"] == "sample":
        return (every or not msg.get("is_observed")) and not isinstance(msg["fn"], Unit)
    return every and bool(msg["type"] == "param")


def arguments_of(msg: Any, observed: Any) -> dict[str, list[Any]]:
    """What a sample or a deterministic is computed from, by name; `BESIDE` is what else has a part
    in its log density, as what it has `observed`."""
    if msg["type"] == "sample":
        beside = [*masks(msg["fn"]), msg.get("scale"), observed]
        return {**parameters(msg["fn"]), BESIDE: jax.tree.leaves(beside)}
    return {"value": jax.tree.leaves(msg["value"])}


def subprogram(eqn: Any) -> Any:
    """The program of a call-like equation (jit, remat, custom_jvp ...) that takes its operands."""
    for value in eqn.params.values():
        program = getattr(value, "jaxpr", value)
        if hasattr(program, "eqns") and hasattr(program, "invars"):
            if len(program.invars) == len(eqn.invars):
                if len(program.outvars) == len(eqn.outvars):
                    return program
    return None


def _union(marks: list[Marks]) -> Marks:
    return _NONE.union(*marks)


def _scan(eqn: Any, marks: list[Marks]) -> list[Marks]:
    first = eqn.params["num_consts"]
    last = first + eqn.params["num_carry"]
    carry = marks[first:last]
    while True:
        out = flow(eqn.params["jaxpr"].jaxpr, marks[:first] + carry + marks[last:])
        grown = [old | new for old, new in zip(carry, out[: len(carry)], strict=True)]
        if grown == carry:
            return out
        carry = grown


def _while(eqn: Any, marks: list[Marks]) -> list[Marks]:
    ncond, nbody = eqn.params["cond_nconsts"], eqn.params["body_nconsts"]
    condition, body = marks[:ncond], marks[ncond : ncond + nbody]
    carry = marks[ncond + nbody :]
    while True:
        decides = _union(flow(eqn.params["cond_jaxpr"].jaxpr, condition + carry))
        out = flow(eqn.params["body_jaxpr"].jaxpr, body + carry)
        grown = [old | new | decides for old, new in zip(carry, out, strict=True)]
        if grown == carry:
            return grown
        carry = grown


def _cond(eqn: Any, marks: list[Marks]) -> list[Marks]:
    branches = [flow(branch.jaxpr, marks[1:]) for branch in eqn.params["branches"]]
    return [marks[0] | _union(list(outs)) for outs in zip(*branches, strict=True)]


def _equation(eqn: Any, marks: list[Marks]) -> list[Marks]:
    if eqn.primitive is site_p:
        return [frozenset({eqn.params["site"]})]
    rules = {"scan": _scan, "while": _while, "cond": _cond}
    rule = rules.get(eqn.primitive.name)
    if rule is not None:
        return rule(eqn, marks)
    program = subprogram(eqn)
    if program is not None:
        return flow(program, marks)
    return [_union(marks)] * len(eqn.outvars)


def flow(jaxpr: Any, marks: list[Marks]) -> list[Marks]:
    """The marks that reach each output of a jaxpr, from those of its inputs and its markers."""
    known = reached(jaxpr, marks)
    return [_NONE if isinstance(e, Literal) else known.get(e, _NONE) for e in jaxpr.outvars]


def reached(jaxpr: Any, marks: list[Marks]) -> dict[Any, Marks]:
    """The marks that reach each value of a jaxpr, from those of its inputs and its markers."""
    known: dict[Any, Marks] = dict(zip(jaxpr.invars, marks, strict=True))

    def read(atom: Any) -> Marks:
        return _NONE if isinstance(atom, Literal) else known.get(atom, _NONE)

    for eqn in jaxpr.eqns:
        outs = _equation(eqn, [read(atom) for atom in eqn.invars])
        known.update(zip(eqn.outvars, outs, strict=True))
    return known


# What moves elements about and leaves them as they are.
_MOVES = frozenset(
    {
        "broadcast_in_dim", "reshape", "squeeze", "expand_dims", "transpose", "rev", "copy",
        "copy_p", "slice", "dynamic_slice", "gather", "convert_element_type",
    }
)  # fmt: skip


def same(jaxpr: Any, known: dict[Any, int | None] | None = None) -> list[int | None]:
    """The site whose value each output of a jaxpr is; None where it is computed from more."""
    known = dict(known or {})

    def read(atom: Any) -> int | None:
        return None if isinstance(atom, Literal) else known.get(atom)

    for eqn in jaxpr.eqns:
        if eqn.primitive is site_p:
            known[eqn.outvars[0]] = eqn.params["site"]
        elif eqn.primitive.name in _MOVES:
            known[eqn.outvars[0]] = read(eqn.invars[0])
        elif (program := subprogram(eqn)) is not None and eqn.primitive.name in ("jit", "pjit"):
            passed = zip(program.invars, map(read, eqn.invars), strict=True)
            known.update(zip(eqn.outvars, same(program, dict(passed)), strict=True))
    return [read(atom) for atom in jaxpr.outvars]


# What changes elements one by one, or moves them about.
_EACH = _MOVES | frozenset({"add", "add_any", "div", "mul", "neg", "sub"})


def added_up(jaxpr: Any, marks: list[Marks]) -> tuple[Marks, Marks]:
    """The inputs of which the elements are added up one after another by `cumsum`, as the steps of
    a walk are; and those that a scan carries on.

    `marks` are of the inputs, one each. What else is done to them before is done to each alone.
    """
    known: dict[Any, Marks] = dict(zip(jaxpr.invars, marks, strict=True))
    added = carried = _NONE
    for eqn in jaxpr.eqns:
        read = [
            _NONE if isinstance(each, Literal) else known.get(each, _NONE) for each in eqn.invars
        ]
        if eqn.primitive.name in _EACH:
            known.update(dict.fromkeys(eqn.outvars, _union(read)))
        elif eqn.primitive.name == "cumsum":
            added |= _union(read)
        elif eqn.primitive.name == "scan":
            first = eqn.params["num_consts"] + eqn.params["num_carry"]
            out = _scan(eqn, [_NONE] * first + read[first:])
            carried |= _union(out[: eqn.params["num_carry"]])
        elif (program := subprogram(eqn)) is not None:
            within = added_up(program, read)
            added, carried = added | within[0], carried | within[1]
            known.update(zip(eqn.outvars, flow(program, read), strict=True))
    return added, carried
