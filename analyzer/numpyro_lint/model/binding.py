"""Arguments to parameters, as Python binds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numpyro_lint.model.ir import (
    NOTHING,
    Argument,
    Arguments,
    Const,
    Key,
    Opaque,
    Origins,
    Param,
    Table,
    Text,
    Value,
)
from numpyro_lint.model.ir import Sequence as Items
from numpyro_lint.model.name import Hole, Name
from numpyro_lint.model.program import Function


def bind_names(arguments: Arguments, names: Sequence[str]) -> dict[str, Argument]:
    """The arguments by parameter name, for a callable whose parameters are `names` in order."""
    bound: dict[str, Argument] = {}
    for name, item in zip(names, arguments.positional, strict=False):
        if item.starred:
            break
        bound[name] = item
    return bound | arguments.keyword


def bind(function: Function, *calls: Arguments) -> dict[str, Value]:
    """What each parameter of `function` is given, defaults included.

    Several argument lists are passed one after the other (`functools.partial`, then the call).
    A parameter whose argument is not in sight is Opaque.
    """
    known = all(call.known for call in calls)
    starred = any(not call.complete for call in calls)
    positional = [item for call in calls for item in call.positional]
    keyword: dict[str, Argument] = {}
    for call in calls:
        keyword |= call.keyword
    values: dict[str, Value] = {}
    slots = [p for p in function.params if p.kind == "positional"]
    for parameter in slots:
        item = positional.pop(0) if positional and not positional[0].starred else None
        if item is not None:
            values[parameter.name] = item.value
    for parameter in function.params:
        name = parameter.name
        if name in values:
            continue
        if name in keyword:
            values[name] = keyword[name].value
        elif parameter.kind == "args":
            values[name] = Opaque() if starred else Items(tuple(i.value for i in positional))
        elif parameter.kind == "kwargs":
            values[name] = Opaque()
        elif known and not starred and parameter.default is not None:
            values[name] = parameter.default
        else:
            values[name] = Opaque()
    return values


def bind_name(name: Name, values: Mapping[str, Value]) -> Name:
    """`name` with the parameters of a call filled in."""
    if name.literal is not None:
        return name
    parts: list[str | Hole] = []
    for part in name.parts:
        value = values.get(part.param) if isinstance(part, Hole) and part.param else None
        parts.extend(value.name.parts if isinstance(value, Text) else (part,))
    return Name(tuple(parts))


def resolve(value: Value, values: Mapping[str, Value]) -> Value:
    """`value` as a caller sees it: parameters replaced by what was passed."""
    if isinstance(value, Param):
        return values.get(value.name, Opaque())
    if isinstance(value, Text):
        return Text(bind_name(value.name, values), depends=origins(value.depends, values))
    return value


def origins(depends: Origins, values: Mapping[str, Value]) -> Origins:
    """What a value was computed from, as a caller sees it."""
    if not any(isinstance(item, str) for item in depends):
        return depends
    found: set[object] = set()
    for item in depends:
        if isinstance(item, str):
            found |= values[item].depends if item in values else NOTHING
        else:
            found.add(item)
    return frozenset(found)  # type: ignore[arg-type]


def is_none(value: Value | None) -> bool | None:
    """Whether an argument is None: None when that is not known. No argument counts as None."""
    if value is None:
        return True
    if isinstance(value, Const):
        return value.value is None
    return None if isinstance(value, (Opaque, Param)) else False


def table_of(value: Value | None) -> Table | None:
    """The names that a dictionary, list, tuple or set holds; None when it is none of these."""
    if isinstance(value, Table):
        return value
    if isinstance(value, Items):
        keys = tuple(
            Key(item.name.literal, span, Opaque())
            for item, span in zip(value.items, value.spans, strict=False)
            if isinstance(item, Text) and item.name.literal is not None
        )
        return Table(keys, len(keys) == len(value.items))
    return None
