"""Operators and indices on what is known of values."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from numpyro_lint.model import strings
from numpyro_lint.model.ir import (
    Arguments,
    Const,
    Data,
    Expression,
    Opaque,
    RandomKey,
    Sequence,
    Table,
    Text,
    Value,
    unknown,
)
from numpyro_lint.model.randomness import part_of
from numpyro_lint.model.scope import together
from numpyro_lint.model.shapes import shape_of

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
_SIGNS: dict[type, str] = {
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.MatMult: "@",
}


def combined(op: ast.operator, left: Value, right: Value) -> Value:
    """`left op right`."""
    depends = together(left, right)
    if isinstance(op, ast.Add) and (text := strings.concatenated(left, right)):
        return Text(text.name, depends=depends)
    if isinstance(op, ast.Mod) and isinstance(left, Text):
        return Text(strings.percent(left, right).name, depends=depends)
    if isinstance(op, ast.BitOr) and isinstance(left, Table) and isinstance(right, Table):
        return Table(left.keys + right.keys, left.complete and right.complete, depends=depends)
    if isinstance(left, Const) and isinstance(right, Const) and _SIGNS.get(type(op)) in ARITHMETIC:
        try:
            return Const(ARITHMETIC[_SIGNS[type(op)]](left.value, right.value))
        except (TypeError, ValueError, ArithmeticError):
            return Opaque()
    if isinstance(left, (Table, Sequence)) or isinstance(right, (Table, Sequence)):
        if isinstance(op, ast.Add) and isinstance(left, Sequence):
            if isinstance(right, Sequence):
                items, spans = left.items + right.items, left.spans + right.spans
                return Sequence(items, spans, depends=depends)
        if isinstance(op, ast.Add) and (_is_shape(left) or _is_shape(right)):
            return Data(True, depends=depends)
        return Opaque(depends=depends)
    sign = _SIGNS.get(type(op))
    made = Expression(sign, (left, right)) if sign else None
    return Data(made=made, depends=depends, drawn=left.drawn | right.drawn)


def minus(value: Value) -> Value:
    """`-value`."""
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return Const(-value.value)
    return Data(made=Expression("-", (value,)), depends=value.depends, drawn=value.drawn)


def called(function: str, arguments: Arguments, owner: Value | None = None) -> Expression | None:
    """A call of a function of numbers, or of a method; None where some argument is out of sight."""
    if not arguments.complete:
        return None
    operands = [] if owner is None else [owner]
    keywords = {}
    for item in arguments.items:
        if item.keyword is None:
            operands.append(item.value)
        else:
            keywords[item.keyword] = item.value
    return Expression(function, tuple(operands), keywords)


def _is_shape(value: Value) -> bool:
    return isinstance(value, Data) and value.is_shape


def _size(shape: Data, index: object) -> int | None:
    """`array.shape[index]` of an array that is made in sight."""
    array = shape.made.operands[0] if shape.made is not None else None
    known = shape_of(array, {}) if shape.made is not None and shape.made.op == ".shape" else None
    if known is None or not isinstance(index, int) or not -len(known) <= index < len(known):
        return None
    return known[index]


def indexed(base: Value, index: Value, is_slice: bool) -> Value:
    """`base[index]`."""
    depends = together(base, index)
    if isinstance(base, Table) and isinstance(index, Text):
        for key in reversed(base.keys):
            if key.text == index.name.literal:
                return key.value
    if isinstance(base, Table) and base.rest is not None and not is_slice:
        return base.rest
    if isinstance(base, Sequence) and isinstance(index, Const) and isinstance(index.value, int):
        if -len(base.items) <= index.value < len(base.items):
            return base.items[index.value]
    if isinstance(base, RandomKey):
        number = index.value if isinstance(index, Const) else None
        return part_of(base, number if isinstance(number, int) else None)
    if isinstance(base, Data):
        if base.is_shape and isinstance(index, Const) and (size := _size(base, index.value)):
            return Const(size)
        drawn, made = base.drawn | index.drawn, Expression("[]", (base, index))
        return Data(base.is_shape and is_slice, made, depends=depends, drawn=drawn)
    return unknown(depends, base.drawn)
