"""Functions of a message, such as `block`'s hide_fn, evaluated on what is known of a message."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from numpyro_lint.model.ir import Key, Opaque, Predicate
from numpyro_lint.syntax.walk import walk
from numpyro_lint.text import Span

# A field that a message has, and whose value the text does not tell.
UNTOLD = object()
# Fields that NumPyro adds on the way.
_ADDED = frozenset({"stop", "plate_to_scale", "mask"})


class Unknown(Exception):
    """The text does not tell what the function gives for this message."""


class Absent(Exception):
    """The function reads a field that this message does not have: a KeyError."""


def holds(predicate: Predicate, message: Mapping[str, Any]) -> bool:
    """Whether the function is true of a message, of which `message` holds every field.

    Raises Unknown and Absent.
    """
    assert isinstance(predicate.test, ast.expr)
    return bool(_value(predicate.test, predicate.message, message))


def compared_names(
    test: ast.expr, message: str, span: Callable[[ast.AST], Span]
) -> tuple[Key, ...]:
    """The literals with which a function of a message compares the message's name."""
    found: list[Key] = []
    for node in walk(test):
        if isinstance(node, ast.Compare) and _is_name(node.left, message):
            for each in walk(node.comparators[0]):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    found.append(Key(each.value, span(each), Opaque()))
    return tuple(found)


def _is_name(node: ast.expr, message: str) -> bool:
    """`site["name"]` or `site.get("name")`."""
    if isinstance(node, ast.Subscript):
        index = node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        index = node.args[0]
        node = node.func
    else:
        return False
    named = isinstance(index, ast.Constant) and index.value == "name"
    return named and _is_message(node.value, message)


def _value(node: ast.expr, name: str, message: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [_value(child, name, message) for child in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not _value(node.operand, name, message)
    if isinstance(node, ast.BoolOp):
        return _bool(node, name, message)
    if isinstance(node, ast.Compare):
        return _compare(node, name, message)
    if isinstance(node, ast.Subscript) and _is_message(node.value, name):
        return _field(message, _value(node.slice, name, message))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _method(node, node.func, name, message)
    raise Unknown


def _bool(node: ast.BoolOp, name: str, message: Mapping[str, Any]) -> bool:
    """`and` and `or`: one known operand may settle it, however unknown those before it are."""
    settles = isinstance(node.op, ast.Or)
    unknown = False
    for child in node.values:
        try:
            if bool(_value(child, name, message)) is settles:
                return settles
        except Unknown:
            unknown = True
        except Absent:
            if unknown:
                raise Unknown from None
            raise
    if unknown:
        raise Unknown
    return not settles


def _is_message(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _field(message: Mapping[str, Any], key: Any) -> Any:
    if not isinstance(key, str) or key.startswith("_") or key in _ADDED:
        raise Unknown
    if key not in message:
        raise Absent(key)
    if message[key] is UNTOLD:
        raise Unknown
    return message[key]


def _compare(node: ast.Compare, name: str, message: Mapping[str, Any]) -> bool:
    left = _value(node.left, name, message)
    for operation, comparator in zip(node.ops, node.comparators, strict=True):
        right = _value(comparator, name, message)
        if isinstance(operation, (ast.Eq, ast.Is)):
            result = left == right
        elif isinstance(operation, (ast.NotEq, ast.IsNot)):
            result = left != right
        elif isinstance(operation, ast.In) and isinstance(right, (list, str)):
            result = left in right
        elif isinstance(operation, ast.NotIn) and isinstance(right, (list, str)):
            result = left not in right
        else:
            raise Unknown
        if not result:
            return False
        left = right
    return True


def _method(node: ast.Call, called: ast.Attribute, name: str, message: Mapping[str, Any]) -> Any:
    arguments = [_value(child, name, message) for child in node.args]
    if _is_message(called.value, name) and called.attr == "get" and arguments:
        try:
            return _field(message, arguments[0])
        except Absent:
            return arguments[1] if len(arguments) > 1 else None
    subject = _value(called.value, name, message)
    if isinstance(subject, str) and called.attr in ("startswith", "endswith"):
        if len(arguments) == 1 and isinstance(arguments[0], str):
            return getattr(subject, called.attr)(arguments[0])
    raise Unknown
