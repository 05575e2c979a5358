"""`@record`: dataclasses that cost nothing to define.

The standard ones take 45 ms of every start-up here: 14 ms to import, half a millisecond a class.
This keeps the part that is used: slots, `__init__`, `__eq__`, `__hash__` and `__repr__` by field,
default factories, keyword-only fields; a record may have a `__hash__` of its own. Type checkers
know it through `typing.dataclass_transform`, and it is they who see to it that what is frozen, as
records are by default, is not changed: to make an object that refuses takes twice as long.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")
_MISSING: Any = object()


class _Field:
    """How one field begins: with a default, or with what a factory makes."""

    __slots__ = ("compare", "default", "factory", "init", "kw_only")

    def __init__(self, default: Any, factory: Any, init: bool, compare: bool, kw_only: bool):
        self.default = default
        self.factory = factory
        self.init = init
        self.compare = compare
        self.kw_only = kw_only


def field(
    *,
    default: T = _MISSING,
    default_factory: Callable[[], T] = _MISSING,
    init: bool = True,
    compare: bool = True,
) -> T:
    """A field with a default that is not compared, a fresh one for each object, or one that
    `__post_init__` sets."""
    made: Any = _Field(default, default_factory, init, compare, False)
    return made  # type: ignore[no-any-return]


@overload
def record(cls: type[T], /) -> type[T]: ...
@overload
def record(*, frozen: bool = True, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: Any = None, /, *, frozen: bool = True, kw_only: bool = False) -> Any:
    """Makes a class of its annotated fields. A record that is not frozen has no hash."""

    def make(plain: type[Any]) -> type[Any]:
        return _made(plain, frozen, kw_only)

    return make if cls is None else make(cls)


def _made(plain: type[Any], frozen: bool, kw_only: bool) -> type[Any]:
    fields: dict[str, _Field] = {}
    for base in reversed(plain.__mro__[1:]):
        fields |= getattr(base, "__record_fields__", {})
    own = {name: _field(plain, name, kw_only) for name in plain.__annotations__}
    fields |= own
    body = {
        name: value
        for name, value in plain.__dict__.items()
        if name not in own and name not in ("__dict__", "__weakref__")
    }
    methods = _methods(plain, fields, frozen)
    if "__hash__" in plain.__dict__:
        del methods["__hash__"]
    body |= methods
    body["__slots__"] = tuple(own)
    body["__record_fields__"] = fields
    body["__record_copy__"] = _copier(fields, hasattr(plain, "__post_init__"))
    body["__match_args__"] = tuple(n for n, f in fields.items() if f.init and not f.kw_only)
    kind: Any = type(plain)
    made: type[Any] = kind(plain.__name__, plain.__bases__, body)
    return made


def _field(plain: type[Any], name: str, kw_only: bool) -> _Field:
    default = plain.__dict__.get(name, _MISSING)
    if isinstance(default, _Field):
        default.kw_only = kw_only
        return default
    return _Field(default, _MISSING, True, True, kw_only)


def _methods(plain: type[Any], fields: dict[str, _Field], frozen: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"__init__": _later(fields, plain), "__repr__": _repr}
    return made | _comparison([name for name, each in fields.items() if each.compare], frozen)


def _later(fields: dict[str, _Field], plain: type[Any]) -> Callable[..., None]:
    """An `__init__` that is compiled when the first object is made: most runs need few."""

    def first(self: Any, *args: Any, **kwargs: Any) -> None:
        scope: dict[str, Any] = {"_missing": _MISSING}
        for name, each in fields.items():
            scope[f"_default_{name}"] = each.default
            scope[f"_factory_{name}"] = each.factory
        exec(_init(fields, hasattr(plain, "__post_init__")), scope)
        # Another thread may have been quicker.
        for owner in type(self).__mro__:
            if owner.__dict__.get("__init__") is first:
                owner.__init__ = scope["__init__"]  # type: ignore[misc]
        scope["__init__"](self, *args, **kwargs)

    return first


def _copier(fields: dict[str, _Field], post: bool) -> Callable[[Any, dict[str, Any]], Any]:
    """What makes a changed copy of a record, compiled when the first is made."""

    def first(self: Any, changes: dict[str, Any]) -> Any:
        scope: dict[str, Any] = {"_new": object.__new__}
        exec(_copy(fields, post), scope)
        for owner in type(self).__mro__:
            if owner.__dict__.get("__record_copy__") is first:
                owner.__record_copy__ = scope["copy"]  # type: ignore[attr-defined]
        return scope["copy"](self, changes)

    return first


def _copy(fields: dict[str, _Field], post: bool) -> str:
    taken = "".join(
        f"    made.{name} = self.{name}\n" for name, each in fields.items() if each.init
    )
    return (
        "def copy(self, changes):\n    made = _new(self.__class__)\n"
        f"{taken}    for name, value in changes.items():\n        setattr(made, name, value)\n"
        f"{'    made.__post_init__()' if post else ''}\n    return made\n"
    )


def _comparison(names: list[str], frozen: bool) -> dict[str, Any]:
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda record: ()

    def equal(self: Any, other: Any) -> Any:
        if self is other:
            return True
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def digest(self: Any) -> int:
        return hash(values(self))

    return {"__eq__": equal, "__hash__": digest if frozen else None}


def _init(fields: dict[str, _Field], post: bool) -> str:
    positional: list[str] = []
    keyword: list[str] = []
    lines: list[str] = []
    for name, each in fields.items():
        value = name
        if not each.init:
            continue
        if each.factory is not _MISSING:
            parameter = f"{name}=_missing"
            value = f"_factory_{name}() if {name} is _missing else {name}"
        else:
            parameter = name if each.default is _MISSING else f"{name}=_default_{name}"
        (keyword if each.kw_only else positional).append(parameter)
        lines.append(f"    self.{name} = {value}\n")
    star = ["*", *keyword] if keyword else []
    head = ", ".join(["self", *positional, *star])
    tail = "    self.__post_init__()\n" if post else ""
    return f"def __init__({head}):\n{''.join(lines)}{tail or ('' if lines else '    pass')}\n"


def _repr(self: Any) -> str:
    shown = ", ".join(
        f"{name}={getattr(self, name)!r}"
        for name, each in self.__record_fields__.items()
        if each.init
    )
    return f"{type(self).__name__}({shown})"


def replace(subject: T, **changes: Any) -> T:
    """A copy of a record with some fields changed."""
    made: T = subject.__record_copy__(changes)  # type: ignore[attr-defined]
    return made
