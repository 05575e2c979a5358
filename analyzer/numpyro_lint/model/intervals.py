"""Interval arithmetic: what operators and functions make of ranges.

Operands vary by themselves: where they rest on a common site, nothing may be said of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import e, inf, isinf, isnan, log, nan
from typing import NamedTuple

from numpyro_lint.model.ir import Origins


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


DATA = Range(nan, nan)


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
        return DATA
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
    return DATA if below is None and not second.leaves else below and _multiply(first, below)


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


BINARY: Mapping[str, Callable[[Range, Range], Range | None]] = {
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
UNARY: Mapping[str, Callable[[Range], Range | None]] = {
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
