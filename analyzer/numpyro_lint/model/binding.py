"""Arguments to parameters, as Python binds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpyro_lint.model.arithmetic import ARITHMETIC
from numpyro_lint.model.derive import derive
from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Callee,
    ClassRef,
    Const,
    Data,
    Derived,
    Dist,
    Expression,
    Handler,
    HandlerRef,
    Instance,
    Key,
    Opaque,
    Origins,
    Pairs,
    Param,
    PlateRef,
    Reparam,
    Site,
    Table,
    Text,
    Unpassed,
    Value,
)
from numpyro_lint.model.ir import Sequence as Items
from numpyro_lint.model.name import Hole, Name
from numpyro_lint.model.parameters import passed
from numpyro_lint.model.program import Function
from numpyro_lint.model.strings import part_of
from numpyro_lint.record import replace


def bind_names(arguments: Arguments, names: Sequence[str]) -> dict[str, Argument]:
    """The arguments by parameter name, for a callable whose parameters are `names` in order."""
    bound: dict[str, Argument] = {}
    count = 0
    for item in arguments.items:
        if item.keyword is None:
            if item.starred:
                # Whatever follows it may be anything.
                count = len(names)
            elif count < len(names):
                bound[names[count]] = item
                count += 1
        elif not item.starred:
            bound[item.keyword] = item
    return bound


def bind(function: Function, *calls: Arguments) -> dict[str, Value]:
    """What each parameter of `function` is given, by its key, defaults included.

    Several argument lists are passed one after the other (`functools.partial`, then the call).
    A parameter whose argument is not in sight is `Unpassed`.
    """
    known = all(call.known for call in calls)
    starred = not known
    positional: list[Argument] = []
    keyword: dict[str, Argument] = {}
    for item in (item for call in calls for item in call.items):
        starred = starred or item.starred
        if item.keyword is None:
            positional.append(item)
        elif not item.starred:
            keyword[item.keyword] = item
    values: dict[str, Value] = {}
    for parameter in function.params:
        given = None
        if parameter.kind == "positional" and positional and not positional[0].starred:
            given = positional.pop(0)
        elif parameter.kind in ("positional", "keyword"):
            given = keyword.get(parameter.name)
        if given is not None:
            value = given.value
        elif parameter.kind == "args" and not starred:
            value = Items(tuple(each.value for each in positional))
        elif parameter.kind == "kwargs" and known and not starred:
            value = _others(function, keyword)
        elif parameter.default is not None and known and not starred:
            value = parameter.default
        else:
            value = Unpassed()
        values[parameter.key] = value
    return values


def _others(function: Function, keyword: Mapping[str, Argument]) -> Table:
    """The keyword arguments that no parameter takes: what `**kwargs` holds."""
    named = {p.name for p in function.params if p.kind in ("positional", "keyword")}
    rest = {name: item for name, item in keyword.items() if name not in named}
    return Table(tuple(Key(name, each.span, each.value, each.span) for name, each in rest.items()))


def bind_name(name: Name, values: Mapping[str, Value]) -> Name:
    """`name` with the parameters of a call filled in."""
    if name.literal is not None:
        return name
    parts: list[str | Hole] = []
    for part in name.parts:
        value = _filled(part, values) if isinstance(part, Hole) else None
        known = isinstance(value, (Text, Const, Param, Derived, Data))
        parts.extend(part_of(value).parts if known and value is not None else (part,))
    changed = tuple(parts)
    return name if changed == name.parts else Name(changed)


def _filled(hole: Hole, values: Mapping[str, Value]) -> Value | None:
    if isinstance(hole.value, Value):
        return resolve(hole.value, values)
    return passed(hole.param, values) if hole.param else None


def resolve(value: Value, values: Mapping[str, Value]) -> Value:
    """`value` as a caller sees it: parameters replaced by what was passed."""
    if isinstance(value, Param):
        return passed(value.key, values) or value
    reader = _RESOLVERS.get(type(value))
    changed = value if reader is None else reader(value, values)
    depends = origins(value.depends, values)
    if depends is changed.depends or depends == changed.depends:
        return changed
    return replace(changed, depends=depends, drawn=drawn(value.drawn, values))


def _text(value: Text, values: Mapping[str, Value]) -> Value:
    name = bind_name(value.name, values)
    return value if name is value.name else Text(name, depends=value.depends)


def _data(value: Data, values: Mapping[str, Value]) -> Value:
    if value.made is None or not any(isinstance(each, str) for each in value.depends):
        return value
    if all(isinstance(each, str) and _is_number(each, values) for each in value.depends):
        if (known := _computed(value, values)) is not None:
            return known
    return replace(value, made=Expression("bound", (value,), values))


def _is_number(key: str, values: Mapping[str, Value]) -> bool:
    return isinstance(passed(key, values), Const)


def _computed(value: Data, values: Mapping[str, Value]) -> Const | None:
    """What a sum or product of numbers comes to, as an index of a loop."""
    made = value.made
    if made is None or made.op not in ARITHMETIC:
        return None
    operands = [resolve(each, values) for each in made.operands]
    known = [each.value for each in operands if isinstance(each, Const)]
    if len(known) < 2:
        return None
    try:
        return Const(ARITHMETIC[made.op](*known))
    except (TypeError, ValueError, ArithmeticError):
        return None


def _items(value: Items, values: Mapping[str, Value]) -> Value:
    items = _all(value.items, values)
    return value if items is value.items else replace(value, items=items)


def _table(value: Table, values: Mapping[str, Value]) -> Value:
    keys = tuple(_key(key, values) for key in value.keys)
    changed = any(new is not old for new, old in zip(keys, value.keys, strict=True))
    return replace(value, keys=keys) if changed else value


def _key(key: Key, values: Mapping[str, Value]) -> Key:
    value = resolve(key.value, values)
    return key if value is key.value else replace(key, value=value)


def _dist(value: Dist, values: Mapping[str, Value]) -> Value:
    """A distribution with its arguments resolved: which parameters they are made of, it tells."""
    return _args(value, values) if any(isinstance(each, str) for each in value.depends) else value


def _args(value: Dist | Reparam, values: Mapping[str, Value]) -> Value:
    args = _pairs(value.args, values)
    return value if args is value.args else replace(value, args=args)


def _handler_ref(value: HandlerRef, values: Mapping[str, Value]) -> Value:
    handler = resolve_handler(value.handler, values)
    return value if handler is value.handler else replace(value, handler=handler)


def _callee(value: Callee, values: Mapping[str, Value]) -> Value:
    """A function that leaves the function in which it was made takes along what that was given."""
    handlers = tuple(resolve_handler(each, values) for each in value.handlers)
    closure = {**values, **dict(value.closure)}
    bound = resolve_arguments(value.bound, values)
    return replace(value, handlers=handlers, bound=bound, closure=tuple(closure.items()))


def _plate_ref(value: PlateRef, values: Mapping[str, Value]) -> Value:
    """A plate that leaves the function in which it was built keeps its name and its size."""
    sites = tuple(_plate(each, values) for each in value.sites)
    changed = any(new is not old for new, old in zip(sites, value.sites, strict=True))
    return replace(value, sites=sites) if changed else value


def _plate(site: Site, values: Mapping[str, Value]) -> Site:
    name, args = bind_name(site.name, values), _pairs(site.args, values)
    same = name is site.name and args is site.args
    return site if same else replace(site, name=name, args=args)


def _instance(value: Instance, values: Mapping[str, Value]) -> Value:
    """An object with its attributes resolved; what a parameter holds is what was passed."""
    given = passed(value.param, values) if value.param is not None else None
    if isinstance(given, Instance):
        return given
    attributes = _pairs(value.attributes, values)
    if isinstance(given, ClassRef):
        exact = given.param is None
        return replace(value, key=given.key, exact=exact, attributes=attributes, param=given.param)
    return value if attributes is value.attributes else replace(value, attributes=attributes)


def _derived(value: Derived, values: Mapping[str, Value]) -> Value:
    operands = _all(value.operands, values)
    return value if operands is value.operands else derive(value.op, *operands)


_RESOLVERS: dict[type, Callable[[Any, Mapping[str, Value]], Value]] = {
    Text: _text,
    Data: _data,
    Items: _items,
    Table: _table,
    Dist: _dist,
    Reparam: _args,
    HandlerRef: _handler_ref,
    PlateRef: _plate_ref,
    Callee: _callee,
    Instance: _instance,
    Derived: _derived,
}


def _all(items: tuple[Value, ...], values: Mapping[str, Value]) -> tuple[Value, ...]:
    """The items resolved; the very tuple where nothing changes."""
    new = tuple(resolve(each, values) for each in items)
    return new if any(a is not b for a, b in zip(new, items, strict=True)) else items


def _pairs(pairs: Pairs, values: Mapping[str, Value]) -> Pairs:
    new = tuple((name, resolve(each, values)) for name, each in pairs)
    return new if any(a[1] is not b[1] for a, b in zip(new, pairs, strict=True)) else pairs


def resolve_handler(handler: Handler, values: Mapping[str, Value]) -> Handler:
    """A handler with the parameters of a call filled in (`scope(prefix=name)`)."""
    args = _pairs(handler.args, values)
    return handler if args is handler.args else replace(handler, args=args)


def resolve_arguments(arguments: Arguments, values: Mapping[str, Value]) -> Arguments:
    """Arguments with the caller's own parameters filled in."""
    items = tuple(_argument(item, values) for item in arguments.items)
    changed = any(new is not old for new, old in zip(items, arguments.items, strict=True))
    return Arguments(spread(items), arguments.known) if changed else arguments


def spread(items: Sequence[Argument]) -> tuple[Argument, ...]:
    """Arguments with `*xs` and `**kwargs` replaced by what they hold, where that is known."""
    flat: list[Argument] = []
    for item in items:
        value = item.value
        if item.starred and item.keyword is None and isinstance(value, Items):
            flat.extend(Argument(each, item.span, holder=item.span) for each in value.items)
        elif item.keyword == "**" and isinstance(value, Table) and value.complete:
            flat.extend(
                Argument(k.value, k.value_span or item.span, k.text, holder=item.span)
                for k in value.keys
            )
        else:
            flat.append(item)
    return tuple(flat)


def _argument(item: Argument, values: Mapping[str, Value]) -> Argument:
    value = resolve(item.value, values)
    return item if value is item.value else replace(item, value=value)


def origins(depends: Origins, values: Mapping[str, Value]) -> Origins:
    """What a value was computed from, as a caller sees it."""
    known = _given(depends, values) if depends else None
    if not known:
        return depends
    return depends.difference(known).union(*(value.depends for value in known.values()))


def _given(origins: Origins, values: Mapping[str, Value]) -> dict[str, Value]:
    """Those of some origins that are parameters whose value a call tells, with that."""
    known = {}
    for each in origins:
        if isinstance(each, str) and (value := passed(each, values)) is not None:
            known[each] = value
    return known


def drawn(origins: Origins, values: Mapping[str, Value]) -> Origins:
    """What a value is an array of, as a caller sees it."""
    known = _given(origins, values) if origins else None
    if not known:
        return origins
    return origins.difference(known).union(*(value.drawn for value in known.values()))


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
