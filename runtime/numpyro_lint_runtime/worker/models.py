"""Finds a model of the file in what is run: behind handlers, partials, methods and engines."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, MethodType
from typing import Any

from numpyro.primitives import Messenger

from ..protocol import Position

# Where NumPyro's kernels and engines, and wrappers in general, hold what they run.
_HOLDERS = (
    "fn", "func", "__wrapped__", "sampler", "model", "_model", "inner_kernel", "_inner_kernel",
    "guide",
)  # fmt: skip
_DEEPEST = 8


def find_model(value: Any, model: Position, path: str) -> Callable[..., Any] | None:
    """The bare function that stands at a place of the file, if `value` runs it.

    What a `partial` passes and the object of a method stay with it; handlers do not.
    """

    path = model.path or path

    def is_it(code: CodeType | None) -> bool:
        if code is None or code.co_filename != path:
            return False
        return model.line <= code.co_firstlineno <= max(model.line, model.end_line)

    return _find(value, is_it, _DEEPEST)


def _find(
    value: Any, is_it: Callable[[CodeType | None], bool], depth: int
) -> Callable[..., Any] | None:
    if depth == 0 or value is None:
        return None
    if isinstance(value, FunctionType) and is_it(value.__code__):
        return value
    if isinstance(value, MethodType) and is_it(getattr(value.__func__, "__code__", None)):
        return value
    if isinstance(value, functools.partial):
        inner = _find(value.func, is_it, depth - 1)
        return inner and functools.partial(inner, *value.args, **value.keywords)
    if is_it(getattr(_method(value), "__code__", None)) and not isinstance(value, Messenger):
        found: Callable[..., Any] = value
        return found
    for held in _held(value):
        inner = _find(held, is_it, depth - 1)
        if inner is not None:
            return inner
    return None


def _method(value: Any) -> Any:
    """What is run when an object is called."""
    return getattr(type(value), "__call__", None)  # noqa: B004


def _held(value: Any) -> Iterator[Any]:
    for name in _HOLDERS:
        try:
            yield getattr(value, name, None)
        except Exception:
            continue  # a property of the user's may raise anything
    for cell in getattr(value, "__closure__", None) or ():
        if callable(held := cell.cell_contents):
            yield held
