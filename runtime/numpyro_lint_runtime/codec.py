"""Dataclasses to JSON and back: what a field is made of, its annotation tells."""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
_Builder = Callable[[Any], Any]


def encode(message: Any) -> str:
    """A dataclass as one line of JSON, without the line end. Raises ValueError for nan."""
    return json.dumps(_plain(message), separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    """What JSON can write. As `dataclasses.asdict`, which also copies all that it finds."""
    kind = type(value)
    if kind in _WRITTEN:
        return value
    if kind is dict:
        return {key: _plain(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _names(typing.cast(Any, kind))}
    return [_plain(each) for each in value] if isinstance(value, (tuple, list)) else value


_WRITTEN = frozenset({str, int, float, bool, type(None)})


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(kind))


def decode(kind: type[T], line: str) -> T:
    """The inverse of `encode`. Raises ValueError, KeyError or TypeError for anything else."""
    built: T = _builder(typing.cast(Any, kind))(json.loads(line))
    return built


@functools.cache
def _builder(annotation: Any) -> _Builder:
    """What makes a value of this type of what JSON has made of it."""
    if dataclasses.is_dataclass(annotation):
        return _of_dataclass(annotation)
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        made = [each for kind in inner if (each := _builder(kind)) is not _as_it_is]
        return _unless_none(made[0]) if made else _as_it_is
    if origin is tuple:
        item = _builder(inner[0])
        return lambda data: tuple(item(each) for each in data)
    if origin is dict:
        value = _builder(inner[1])
        return lambda data: {key: value(each) for key, each in data.items()}
    return _as_it_is


def _as_it_is(data: Any) -> Any:
    return data


def _unless_none(build: _Builder) -> _Builder:
    return lambda data: None if data is None else build(data)


def _of_dataclass(kind: Any) -> _Builder:
    @functools.cache
    def made() -> dict[str, _Builder]:
        # Asked for once the class has a builder: its fields may hold others of its kind.
        hints = typing.get_type_hints(kind)
        return {name: each for name, hint in hints.items() if (each := _builder(hint)) != _as_it_is}

    def build(data: dict[str, Any]) -> Any:
        builders = made()
        return kind(**{k: builders[k](v) if k in builders else v for k, v in data.items()})

    return build
