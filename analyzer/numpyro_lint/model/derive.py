"""Operations on containers and texts; on what only a caller knows, they are done where it tells."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from numpyro_lint.model.arithmetic import ARITHMETIC, indexed
from numpyro_lint.model.ir import (
    NOTHING,
    Const,
    Data,
    Derived,
    Opaque,
    Param,
    Sequence,
    Table,
    Text,
    Value,
    unknown,
)
from numpyro_lint.model.name import Name
from numpyro_lint.model.scope import together

_ZERO = Const(0)
# A longer sequence is not spelt out: its elements are as good as unknown.
LONGEST = 12
# What gives arrays where it is given one: a number or a pair, as of `enumerate`, is none.
_OF_ARRAYS = frozenset({"elements", "reversed", "item"})
# Methods of text that give a text.
_OF_TEXT = frozenset(
    "capitalize lower lstrip removeprefix removesuffix replace rstrip strip title upper".split()
)


def derive(op: str, *operands: Value) -> Value:
    """`op` of `operands`: done now, or noted where an operand is not known yet."""
    depends = together(*operands)
    try:
        done: Value | None = _OPERATIONS[op](*operands)
    except TypeError:
        # Another `join` than that of text: it takes other arguments.
        return Opaque(depends=depends)
    if done is not None:
        return done
    drawn = operands[0].drawn if op in _OF_ARRAYS else NOTHING
    if any(map(_is_open, operands)):
        return Derived(op, operands, depends=depends, drawn=drawn)
    return unknown(depends, drawn)


def _is_open(value: Value) -> bool:
    """Whether a caller may tell more of a value."""
    if isinstance(value, Text):
        return value.name.literal is None
    if isinstance(value, Sequence):
        return any(map(_is_open, value.items))
    if isinstance(value, Table):
        return any(_is_open(key.value) for key in value.keys)
    if isinstance(value, Data) and value.made is not None and value.made.op in ARITHMETIC:
        return all(isinstance(each, str) for each in value.depends)
    return isinstance(value, (Derived, Param))


def _elements(value: Value) -> Sequence | None:
    """What a loop over a value goes through."""
    if isinstance(value, Sequence):
        return value if len(value.items) <= LONGEST else None
    if isinstance(value, Table):
        return _keys(value)
    if isinstance(value, Text) and (literal := value.name.literal) is not None:
        letters = tuple(Text(Name.of(letter), depends=value.depends) for letter in literal)
        return _sequence(letters) if len(letters) <= LONGEST else None
    return None


def _sequence(items: tuple[Value, ...]) -> Sequence:
    return Sequence(items, depends=together(*items))


def _pairs(value: Value) -> dict[str, Value] | None:
    if not isinstance(value, Table) or not value.complete or len(value.keys) > LONGEST:
        return None
    return {key.text: key.value for key in value.keys}


def _keys(value: Value) -> Sequence | None:
    pairs = _pairs(value)
    return None if pairs is None else _sequence(tuple(Text(Name.of(key)) for key in pairs))


def _values(value: Value) -> Sequence | None:
    pairs = _pairs(value)
    return None if pairs is None else _sequence(tuple(pairs.values()))


def _items(value: Value) -> Sequence | None:
    pairs = _pairs(value)
    if pairs is None:
        return None
    return _sequence(tuple(_sequence((Text(Name.of(k)), v)) for k, v in pairs.items()))


def _enumerate(value: Value, start: Value = _ZERO) -> Sequence | None:
    elements = _elements(value)
    if elements is None or not isinstance(start, Const) or not isinstance(start.value, int):
        return None
    numbered = enumerate(elements.items, start.value)
    return _sequence(tuple(_sequence((Const(number), item)) for number, item in numbered))


def _zip(*values: Value) -> Sequence | None:
    known = [elements.items for each in values if (elements := _elements(each)) is not None]
    if len(known) < len(values):
        return None
    return _sequence(tuple(map(_sequence, zip(*known, strict=False))))


def _range(*values: Value) -> Sequence | None:
    numbers = [each.value for each in values if isinstance(each, Const)]
    if len(numbers) < len(values) or not all(type(number) is int for number in numbers):
        return None
    try:
        passes = range(*numbers)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return Sequence(tuple(map(Const, passes))) if len(passes) <= LONGEST else None


def _reversed(value: Value) -> Sequence | None:
    elements = _elements(value)
    return None if elements is None else _sequence(elements.items[::-1])


def _sorted(value: Value) -> Sequence | None:
    elements = _elements(value)
    texts = [] if elements is None else [text for each in elements.items if (text := _text(each))]
    if elements is None or len(texts) < len(elements.items):
        return None
    return _sequence(tuple(Text(Name.of(text)) for text in sorted(texts)))


def _text(value: Value) -> str | None:
    return value.name.literal if isinstance(value, Text) else None


def _item(base: Value, index: Value) -> Value | None:
    """`base[index]`, where both are known."""
    found = indexed(base, index, False)
    return None if isinstance(found, Opaque) else found


def _join(text: Value, parts: Value) -> Text | None:
    elements = _elements(parts)
    if elements is None or not isinstance(text, Text):
        return None
    name = Name(())
    for number, each in enumerate(elements.items):
        if not isinstance(each, Text):
            return None
        name = (name + text.name if number else name) + each.name
    return Text(name if name.parts else Name.of(""), depends=together(text, parts))


def _of_text(method: str) -> Callable[..., Text | None]:
    def operation(*values: Value) -> Text | None:
        texts = [text for each in values if (text := _text(each)) is not None]
        if len(texts) < len(values):
            return None
        try:
            return Text(Name.of(getattr(texts[0], method)(*texts[1:])), depends=together(*values))
        except TypeError:
            return None

    return operation


def _known(value: Value) -> Any:
    """A number, text, or sequence of these as Python has it. Raises LookupError."""
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Sequence):
        return tuple(map(_known, value.items))
    if (text := _text(value)) is not None:
        return text
    raise LookupError


def _compared(function: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Const | None]:
    def operation(left: Value, right: Value) -> Const | None:
        try:
            return Const(bool(function(_known(left), _known(right))))
        except (LookupError, TypeError):
            return None

    return operation


def _none(value: Value) -> Const | None:
    """Whether a value is None."""
    if isinstance(value, Const):
        return Const(value.value is None)
    return None if isinstance(value, (Opaque, Param)) else Const(False)


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None when that is not known."""
    try:
        return bool(_known(value))
    except LookupError:
        return None


def _not(value: Value) -> Const | None:
    known = truth(value)
    return None if known is None else Const(not known)


def _and(*values: Value) -> Const | None:
    known = [truth(each) for each in values]
    return Const(False) if False in known else None if None in known else Const(True)


def _or(*values: Value) -> Const | None:
    known = [truth(each) for each in values]
    return Const(True) if True in known else None if None in known else Const(False)


def _if(test: Value, yes: Value, no: Value) -> Value | None:
    known = truth(test)
    return None if known is None else yes if known else no


def _len(value: Value) -> Const | None:
    if isinstance(value, Sequence):
        return Const(len(value.items))
    if isinstance(value, Table):
        return Const(len({key.text for key in value.keys})) if value.complete else None
    text = _text(value)
    return None if text is None else Const(len(text))


def _slice(value: Value, *bounds: Value) -> Sequence | None:
    elements = _elements(value) if isinstance(value, Sequence) else None
    if elements is None or not all(isinstance(each, Const) for each in bounds):
        return None
    try:
        return _sequence(elements.items[slice(*map(_known, bounds))])
    except (TypeError, ValueError):
        return None


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "elements": _elements,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "enumerate": _enumerate,
    "zip": _zip,
    "range": _range,
    "reversed": _reversed,
    "sorted": _sorted,
    "item": _item,
    "join": _join,
    "len": _len,
    "slice": _slice,
    "none": _none,
    "not": _not,
    "and": _and,
    "or": _or,
    "if": _if,
    "in": _compared(lambda left, right: left in right),
    "not in": _compared(lambda left, right: left not in right),
    "==": _compared(operator.eq),
    "!=": _compared(operator.ne),
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
    **{method: _of_text(method) for method in _OF_TEXT},
}
BUILTINS = frozenset({"enumerate", "zip", "range", "reversed", "sorted"})
METHODS = frozenset({"keys", "values", "items", "join"}) | _OF_TEXT
