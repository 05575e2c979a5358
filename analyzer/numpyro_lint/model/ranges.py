"""Which numbers a value takes: interval arithmetic on how it is made, from the supports of sites.

A `Range` is a promise that its ends are come near to with positive probability, not a bound that
holds: operands that rest on a common site could cancel, so nothing is said of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import e, inf, isinf, isnan, log, nan
from typing import NamedTuple

from numpyro_lint.facts.distributions import FAMILIES, Bound, constraint_of
from numpyro_lint.model.binding import is_none, passed, resolve
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

Environments = tuple[Mapping[str, Value], ...]
_CONSTRAINTS = "numpyro.distributions.constraints."
_MOST = 500


class Range(NamedTuple):
    """The elements of a value come near `low` and near `high`; nan where an end is not known.

    `leaves` are the sites that vary it: without any it is one number, or data that is not in sight.
    """

    low: float
    high: float
    leaves: Origins = frozenset()

    @property
    def is_number(self) -> bool:
        return not self.leaves and self.low == self.high

    @property
    def is_real(self) -> bool:
        return self.low == -inf and self.high == inf


_DATA = Range(nan, nan)


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
            return None if value.depends else _DATA
        return self._made(value.made, value.depends, within)

    def _param(self, param: Param, within: Environments) -> Range | None:
        for level, values in enumerate(within):
            given = passed(param.key, values)
            if given is not None and given != param:
                if isinstance(given, Opaque) and not given.depends:
                    return _DATA
                return self.read(given, within[level + 1 :] or within[-1:])
        return _DATA

    def _made(self, made: Expression, depends: Origins, within: Environments) -> Range | None:
        op, operands = made.op, made.operands
        if op == "bound":
            return self.read(operands[0], (made.values, *within))
        if op == "sample":
            return _sample(operands[0], operands[1], depends, within)
        if op == "param":
            return _of_constraint(operands[0], depends)
        if len(operands) == 2 and op in _BINARY:
            first = self.read(operands[0], within)
            second = self.read(operands[1], within) if first is not None else None
            if first is None or second is None or first.leaves & second.leaves:
                return None
            found = _BINARY[op](first, second)
            return found and found._replace(leaves=first.leaves | second.leaves)
        function = _UNARY.get(op) or _UNARY.get(op.rpartition(".")[2])
        if function is None or not operands or "where" in made.values:
            return None
        inner = self.read(operands[0], within)
        return None if inner is None else function(inner)


def _sample(dist: Value, obs: Value, depends: Origins, within: Environments) -> Range | None:
    for values in within:
        dist, obs = resolve(dist, values), resolve(obs, values)
    none = is_none(obs)
    if none is not True:
        return _DATA if none is False else None
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


def _end(first: float, second: float) -> float:
    """The sum of two ends: what is not known is finite beside what is not."""
    if isinf(first) or isinf(second):
        return first if isinf(first) else second
    return first + second


def _add(first: Range, second: Range) -> Range:
    return Range(_end(first.low, second.low), _end(first.high, second.high))


def _negative(value: Range) -> Range:
    return value._replace(low=-value.high, high=-value.low)


def _subtract(first: Range, second: Range) -> Range:
    return _add(first, _negative(second))


def _multiply(first: Range, second: Range) -> Range:
    if not (first.is_number or second.is_number) and (first.is_real or second.is_real):
        return Range(-inf, inf)
    if first.is_real or second.is_real:
        return Range(0.0, 0.0) if 0 in (first.low, second.low) else Range(-inf, inf)
    if any(isnan(end) for end in (first.low, first.high, second.low, second.high)):
        return _DATA
    ends = [_times(a, b) for a in (first.low, first.high) for b in (second.low, second.high)]
    return Range(min(ends), max(ends))


def _times(first: float, second: float) -> float:
    return 0.0 if 0 in (first, second) else first * second


def _reciprocal(value: Range) -> Range | None:
    if not value.low >= 0:
        return None
    return Range(_over(value.high), _over(value.low), value.leaves)


def _over(end: float) -> float:
    return inf if end == 0 else 1 / end


def _divide(first: Range, second: Range) -> Range | None:
    if second.is_number and second.low != 0:
        return _multiply(first, Range(1 / second.low, 1 / second.low))
    if first.is_real:
        return Range(-inf, inf)
    below = _reciprocal(second)
    return _DATA if below is None and not second.leaves else below and _multiply(first, below)


def _power(base: Range, exponent: Range) -> Range | None:
    if base.is_number and base.low >= 1:
        return _increasing(partial(_raised, base.low), exponent)
    if base.is_number and base.low > 0:
        return _increasing(partial(_raised, 1 / base.low), _negative(exponent))
    if not exponent.is_number:
        return None
    power = exponent.low
    if base.low >= 0 and power > 0:
        return _increasing(lambda end: end**power, base)
    if base.low >= 0 and power < 0:
        below = _reciprocal(base)
        return below and _power(below, Range(-power, -power))
    if base.is_real and power in (2, 4, 6):
        return Range(0.0, inf)
    return base if base.is_real and power in (1, 3, 5) else None


def _raised(base: float, end: float) -> float:
    return (inf if end > 0 else 0.0) if isinf(end) else base**end


def _increasing(function: Callable[[float], float], value: Range) -> Range | None:
    """What an increasing function makes of a range; None where a number overflows."""
    try:
        low, high = (nan if isnan(end) else function(end) for end in value[:2])
    except (OverflowError, ValueError, ZeroDivisionError):
        return None
    return value._replace(low=low, high=high)


def _between(low: float, high: float, value: Range) -> Range | None:
    """A function that takes the whole line to an interval."""
    return value._replace(low=low, high=high) if value.is_real else None


def _log(value: Range) -> Range | None:
    return (
        _increasing(lambda end: -inf if end == 0 else log(end), value) if value.low >= 0 else None
    )


def _absolute(value: Range) -> Range | None:
    if value.low >= 0:
        return value
    return value._replace(low=0.0, high=inf) if value.is_real else None


def _root(value: Range) -> Range | None:
    return _power(value, Range(0.5, 0.5)) if value.low >= 0 else None


def _sum(value: Range) -> Range:
    """A sum of elements that vary by themselves, of which there may be one."""
    low = value.low if value.low in (-inf, 0) else nan
    return value._replace(low=low, high=value.high if value.high == inf else nan)


def _product(first: Range, second: Range) -> Range:
    return _sum(_multiply(first, second))


def _largest(first: Range, second: Range) -> Range:
    return Range(_most(first.low, second.low), _most(first.high, second.high))


def _least(first: Range, second: Range) -> Range:
    return _negative(_largest(_negative(first), _negative(second)))


def _most(first: float, second: float) -> float:
    return nan if isnan(first) or isnan(second) else max(first, second)


def _same(value: Range) -> Range:
    return value


_BINARY: Mapping[str, Callable[[Range, Range], Range | None]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "**": _power,
    "@": _product,
    **{
        f"jax.numpy.{name}": function
        for name, function in (
            ("add", _add),
            ("subtract", _subtract),
            ("multiply", _multiply),
            ("divide", _divide),
            ("power", _power),
            ("dot", _product),
            ("matmul", _product),
            ("outer", _multiply),
            ("maximum", _largest),
            ("minimum", _least),
        )
    },
}
_PLAIN = """
    array asarray reshape ravel squeeze expand_dims broadcast_to repeat tile astype transpose flip T
    mT at flatten float int stop_gradient mean take real
"""
_UNARY: Mapping[str, Callable[[Range], Range | None]] = {
    "[]": _same,
    "-": _negative,
    "negative": _negative,
    "exp": partial(_increasing, partial(_raised, e)),
    "log": _log,
    "abs": _absolute,
    "absolute": _absolute,
    "fabs": _absolute,
    "square": partial(lambda two, value: _power(value, two), Range(2, 2)),
    "sqrt": _root,
    "softplus": partial(_between, 0.0, inf),
    "relu": partial(_between, 0.0, inf),
    "sigmoid": partial(_between, 0.0, 1.0),
    "expit": partial(_between, 0.0, 1.0),
    "ndtr": partial(_between, 0.0, 1.0),
    "softmax": partial(_between, 0.0, 1.0),
    "tanh": partial(_between, -1.0, 1.0),
    "sin": partial(_between, -1.0, 1.0),
    "cos": partial(_between, -1.0, 1.0),
    "sum": _sum,
    "cumsum": _sum,
    **dict.fromkeys(_PLAIN.split(), _same),
}


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
