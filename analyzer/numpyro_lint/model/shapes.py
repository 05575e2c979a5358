"""Shapes that the text tells: of literals, of arrays that are made in sight, of distributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.ir import Const, Data, Dist, Expression, Param, Value
from numpyro_lint.model.ir import Sequence as Items
from numpyro_lint.model.parameters import passed

Shape = tuple[int, ...]
Environments = tuple[Mapping[str, Value], ...]

_ARRAYS = ("jax.numpy.", "numpy.")
_FILLED = frozenset({"zeros", "ones", "empty", "full"})
_ELEMENTWISE = frozenset(
    """
    exp log log1p expm1 sqrt square abs negative sin cos tan tanh sigmoid expit softplus relu
    asarray stop_gradient
    """.split()
)
_ARITHMETIC = frozenset({"+", "-", "*", "/", "**"})
# Arguments of distributions that are no parameters of their elements.
_SETTINGS = frozenset({"is_sparse", "validate_args"})
_DEEPEST = 30


def shape_of(value: Value | None, values: Mapping[str, Value]) -> Shape | None:
    """The shape of a number or array; None where it is not known."""
    return None if value is None else _shape(value, (values,), 0)


def _shape(value: Value, within: Environments, depth: int) -> Shape | None:
    if depth > _DEEPEST:
        return None
    if isinstance(value, Const):
        return () if isinstance(value.value, (int, float)) else None
    if isinstance(value, Param):
        given, outside = _given(value, within)
        return None if given is value else _shape(given, outside, depth + 1)
    if isinstance(value, Data) and value.made is not None:
        return _made(value.made, within, depth + 1)
    return None


def _given(value: Value, within: Environments) -> tuple[Value, Environments]:
    """What a parameter was given, and where that is to be read; other values as they are."""
    if isinstance(value, Param):
        for level, values in enumerate(within):
            given = passed(value.key, values)
            if given is not None and given != value:
                return given, within[level + 1 :] or within[-1:]
    return value, within


def _made(made: Expression, within: Environments, depth: int) -> Shape | None:
    op, operands = made.op, made.operands
    if op == "bound":
        return _shape(operands[0], (made.values, *within), depth)
    if op == "param":
        return _shape(operands[1], within, depth)
    if op in _ARITHMETIC:
        return broadcast(*(_shape(each, within, depth) for each in operands))
    name = op.rpartition(".")[2]
    if name in _ELEMENTWISE and len(operands) == 1:
        return _shape(operands[0], within, depth)
    if not operands or not op.startswith(_ARRAYS):
        return None
    return _array(name, [_given(each, within)[0] for each in operands])


def _array(name: str, operands: Sequence[Value]) -> Shape | None:
    """The shape of what a function of numpy or JAX makes of literals."""
    first = operands[0]
    if name in _FILLED:
        return literal(first)
    if name == "array":
        return _nested(first)
    if name == "arange" and len(operands) == 1:
        size = _int(first)
        return None if size is None else (max(size, 0),)
    if name in ("eye", "identity") and len(operands) == 1:
        size = _int(first)
        return None if size is None else (size, size)
    return None


def literal(value: Value | None) -> Shape | None:
    """What a literal says as a shape: `3`, `(3, 2)` or `[3]`."""
    if isinstance(value, Items):
        sizes = tuple(_int(item) for item in value.items)
        return None if None in sizes else tuple(size for size in sizes if size is not None)
    size = _int(value)
    return None if size is None else (size,)


def _int(value: Value | None) -> int | None:
    number = value.value if isinstance(value, Const) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _nested(value: Value) -> Shape | None:
    """The shape of nested lists of numbers."""
    if isinstance(value, Const):
        return () if isinstance(value.value, (int, float)) else None
    if not isinstance(value, Items) or not value.items:
        return None
    inner = {_nested(item) for item in value.items}
    shape = inner.pop()
    return None if inner or shape is None else (len(value.items), *shape)


def length(value: Value) -> int | None:
    """`len(value)`."""
    if isinstance(value, Items):
        return len(value.items)
    shape = shape_of(value, {})
    return shape[0] if shape else None


def broadcast(*shapes: Shape | None) -> Shape | None:
    """What shapes broadcast to; None where one is not known, or where they do not."""
    found: Shape = ()
    for shape in shapes:
        if shape is None:
            return None
        pairs = list(zip_longest(reversed(found), reversed(shape), fillvalue=1))
        if any(a != b and 1 not in (a, b) for a, b in pairs):
            return None
        found = tuple(b if a == 1 else a for a, b in reversed(pairs))
    return found


def drawn_shape(dist: Dist, values: Mapping[str, Value]) -> Shape | None:
    """The shape of a draw, batch and event dims together."""
    if dist.family is None or FAMILIES[dist.family].event_dim != 0:
        return None
    args = [value for name, value in dist.args if name not in _SETTINGS and value != Const(None)]
    own = broadcast(*(shape_of(value, values) for value in args))
    if dist.expanded is None:
        return own
    size, events = dist.expanded
    batch = literal(size)
    if batch is None or (events and own is None):
        return None
    return batch if not events else (*batch, *(own or ())[-events:])
