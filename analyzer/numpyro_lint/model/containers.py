"""Dictionaries and lists that a method or a statement changes in place."""

from __future__ import annotations

from collections.abc import Mapping

from numpyro_lint.model.ir import (
    Arguments,
    Derived,
    Key,
    Opaque,
    Param,
    Sequence,
    Table,
    Text,
    Value,
)
from numpyro_lint.model.program import Function
from numpyro_lint.model.scope import Body, together

CHANGING = frozenset(
    """
    add append clear discard extend insert pop popitem remove reverse setdefault sort update
    """.split()
)


def changed(held: Table | Sequence, method: str, arguments: Arguments) -> Value:
    """What a container holds after one of its `CHANGING` methods was called."""
    depends = together(held, *(item.value for item in arguments.items))
    first = arguments.positional[0] if arguments.positional else None
    if isinstance(held, Table) and method == "update" and arguments.complete:
        given = first.value if first else Table(())
        named = tuple(Key(k, i.span, i.value, i.span) for k, i in arguments.keyword.items())
        keys = given.keys if isinstance(given, Table) else ()
        complete = held.complete and isinstance(given, Table) and given.complete
        return Table(held.keys + keys + named, complete, depends=depends)
    if isinstance(held, Table) and method == "pop" and first is not None:
        return without(held, first.value)
    if isinstance(held, Sequence) and method == "append" and first is not None:
        items, spans = (*held.items, first.value), (*held.spans, first.span)
        return Sequence(items, spans, depends=depends)
    return Opaque(depends=depends)


def changed_as_passed(body: Body, name: str, held: Param | Derived, at: int) -> None:
    """A function changes what it was passed: it is not what the caller wrote any more."""
    if isinstance(held, Param):
        body.changed.add(held.key)
    body.assign(name, Opaque(depends=held.depends, drawn=held.drawn), at)


def spoil(body: Body, function: Function, passed: Mapping[str, Value]) -> None:
    """What a function that was called changes is not known to its caller any more."""
    for key in function.changed:
        value = passed.get(key)
        for name, held in body.variables.items():
            if held is value and isinstance(held, (Table, Sequence)):
                body.variables[name] = Opaque(depends=held.depends)


def without(held: Value, key: Value) -> Value:
    """A dictionary less one of its keys."""
    literal = key.name.literal if isinstance(key, Text) else None
    if not isinstance(held, Table) or literal is None:
        return Opaque(depends=held.depends)
    kept = tuple(each for each in held.keys if each.text != literal)
    return Table(kept, held.complete, depends=held.depends)
