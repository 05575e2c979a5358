"""Which numbers a value takes: how it is made is followed from the supports of sites."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan

from numpyro_lint.facts.distributions import FAMILIES, Bound, constraint_of
from numpyro_lint.model.binding import is_none, resolve
from numpyro_lint.model.intervals import BINARY, DATA, UNARY, Range
from numpyro_lint.model.ir import (
    Const,
    Data,
    Dist,
    Expression,
    Opaque,
    Origins,
    Param,
    Sequence,
    Symbol,
    Value,
)
from numpyro_lint.model.parameters import passed

Environments = tuple[Mapping[str, Value], ...]
_CONSTRAINTS = "numpyro.distributions.constraints."
_MOST = 500


def range_of(value: Value | None, values: Mapping[str, Value]) -> Range | None:
    """The range of a value where parameters are as `values` has them; None where not known."""
    return None if value is None else _Reader().read(value, (values,))


class _Reader:
    """Reads a value, whose parts may stand in it many times over, in each environment once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, ...], Range | None] = {}

    def read(self, value: Value, within: Environments) -> Range | None:
        key = (id(value), *map(id, within))
        if key not in self.known:
            self.known[key] = None
            if len(self.known) < _MOST:
                self.known[key] = self._range(value, within)
        return self.known[key]

    def _range(self, value: Value, within: Environments) -> Range | None:
        if isinstance(value, Const):
            number = value.value
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                return Range(number, number)
            return None
        if isinstance(value, Param):
            return self._param(value, within)
        if not isinstance(value, Data):
            return None
        if value.made is None:
            return None if value.depends else DATA
        return self._made(value.made, value.depends, within)

    def _param(self, param: Param, within: Environments) -> Range | None:
        for level, values in enumerate(within):
            given = passed(param.key, values)
            if given is not None and given != param:
                if isinstance(given, Opaque) and not given.depends:
                    return DATA
                return self.read(given, within[level + 1 :] or within[-1:])
        return DATA

    def _made(self, made: Expression, depends: Origins, within: Environments) -> Range | None:
        op, operands = made.op, made.operands
        if op == "bound":
            return self.read(operands[0], (made.values, *within))
        if op == "sample":
            return _sample(operands[0], operands[1], depends, within)
        if op == "param":
            return _of_constraint(operands[0], depends)
        if len(operands) == 2 and op in BINARY:
            first = self.read(operands[0], within)
            second = self.read(operands[1], within) if first is not None else None
            if first is None or second is None or first.leaves & second.leaves:
                return None
            found = BINARY[op](first, second)
            return found and found._replace(leaves=first.leaves | second.leaves)
        function = UNARY.get(op) or UNARY.get(op.rpartition(".")[2])
        if function is None or not operands or "where" in made.values:
            return None
        inner = self.read(operands[0], within)
        return None if inner is None else function(inner)


def _sample(dist: Value, obs: Value, depends: Origins, within: Environments) -> Range | None:
    for values in within:
        dist, obs = resolve(dist, values), resolve(obs, values)
    none = is_none(obs)
    if none is not True:
        return DATA if none is False else None
    if not isinstance(dist, Dist) or dist.family is None or dist.family not in FAMILIES:
        return None
    facts = FAMILIES[dist.family]
    if facts.bounds is not None:
        ends = zip(facts.bounds, (-inf, inf), strict=True)
        low, high = (_bound(dist, bound, default) for bound, default in ends)
        return Range(low, high, depends)
    if facts.support == "dependent":
        return None
    limits = constraint_of(facts.support)
    return Range(limits.low, limits.high, depends)


def _bound(dist: Dist, bound: Bound, default: float) -> float:
    """The end of a support that an argument gives."""
    if not isinstance(bound, str):
        return float(bound)
    value = dist.arg(bound)
    if value is None:
        return default if dist.family and dist.family.startswith("Truncated") else nan
    if isinstance(value, Const):
        if value.value is None:
            return default
        if isinstance(value.value, (int, float)):
            return float(value.value)
    return nan


def _of_constraint(value: Value, depends: Origins) -> Range | None:
    """The numbers that a parameter may take; without a constraint an optimiser goes anywhere."""
    if is_none(value):
        return Range(-inf, inf, depends)
    if isinstance(value, Symbol) and value.qualified.startswith(_CONSTRAINTS):
        limits = constraint_of(value.qualified.removeprefix(_CONSTRAINTS))
        return Range(limits.low, limits.high, depends)
    return None


def elements(value: Value | None) -> list[float] | None:
    """The numbers of a literal, or of a literal array; None where some is not in sight."""
    if isinstance(value, Data) and value.made is not None:
        name = value.made.op.rpartition(".")[2]
        return elements(value.made.operands[0]) if name in ("array", "asarray") else None
    if isinstance(value, Sequence):
        found = [elements(item) for item in value.items]
        return None if None in found else [number for each in found for number in each or ()]
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return [float(value.value)]
    return None
