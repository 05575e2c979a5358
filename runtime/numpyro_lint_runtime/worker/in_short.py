"""Values in a few characters: literals as they are written, arrays by type and shape."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

_LITERAL = 30
_LONGEST = 60
_ITEMS = 4
_KINDS = {"b": "bool", "f": "f", "i": "i", "u": "u", "c": "c"}


def _dtype(dtype: Any) -> str:
    kind = getattr(dtype, "kind", "")
    if kind == "b" or kind not in _KINDS:
        return "bool" if kind == "b" else str(dtype)
    return f"{_KINDS[kind]}{8 * dtype.itemsize}"


def _shape(shape: tuple[Any, ...]) -> str:
    return f"[{','.join(map(str, shape))}]"


def _items(value: Any) -> str:
    shown = [in_short(item) for item in list(value)[:_ITEMS]]
    return ", ".join([*shown, "..."] if len(value) > _ITEMS else shown)


def in_short(value: Any) -> str:
    """`1.5`, `'linear'`, `f32[8,2]`, `{'x': i32[5]}`, `DataFrame[100,3]`, or the type's name."""
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        text = repr(value)
        return text if len(text) <= _LITERAL else f"{text[:_LITERAL]}..."
    if isinstance(value, (np.ndarray, np.generic, jax.Array)):
        return _dtype(value.dtype) + _shape(value.shape)
    if type(value) in (list, tuple):
        text = "[{}]" if isinstance(value, list) else "({},)" if len(value) == 1 else "({})"
        text = text.format(_items(value))
    elif type(value) is dict:
        pairs = [f"{in_short(key)}: {in_short(item)}" for key, item in list(value.items())[:_ITEMS]]
        text = "{" + ", ".join([*pairs, "..."] if len(value) > _ITEMS else pairs) + "}"
    elif callable(value) and hasattr(value, "__name__"):
        text = str(value.__name__)
    elif isinstance(shape := getattr(value, "shape", None), tuple):
        text = type(value).__name__ + _shape(shape)
    else:
        text = type(value).__name__
    return text if len(text) <= _LONGEST else type(value).__name__


def arguments_in_short(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, str]:
    """The arguments of a call by parameter; `self`, which stands for no argument, is left out."""
    try:
        bound = inspect.signature(fn).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        return {}
    return {name: in_short(value) for name, value in bound.items() if name not in ("self", "cls")}
