"""Functions as a later run meets them, after names that they use were bound anew.

A function looks its names up when it runs: where a helper or a constant is defined once more below
a model, as in a later cell of a notebook, a run below that has the model use the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from numpyro_lint.model.files import File
from numpyro_lint.model.ir import (
    Arguments,
    Call,
    Callee,
    Derived,
    Instance,
    Sequence,
    Table,
    Value,
)
from numpyro_lint.model.program import Function, Stack
from numpyro_lint.model.scope import Scope
from numpyro_lint.record import replace
from numpyro_lint.text import ELSEWHERE

Read = Callable[[File, int], None]


def later(file: File, scope: Scope, read: Read) -> dict[int, Mapping[int, Function]]:
    """The functions that are others at a run than where they were read, by the run's offset.

    `scope` are the names of the file, `read` reads a function into a file.
    """
    rebound = {name for name, bindings in scope.log.items() if len(bindings) > 1}
    rebound -= scope.forked | scope.shared
    if not rebound or not any(f.free & rebound for f in file.functions.values()):
        return {}
    stacks = [*file.stacks, *(each for run in file.runs for each in (run.stack, run.guide) if each)]
    found: dict[int, Mapping[int, Function]] = {}
    for stack in stacks:
        if stack.moment is None:
            continue
        if any(_differs(file, scope, key, stack.moment, rebound) for key in _reached(file, stack)):
            as_of = _as_of(file, scope, stack.moment, read)
            met = {key: as_of.functions[key] for key in _reached(as_of, stack)}
            found[stack.moment] = {**found.get(stack.moment, {}), **met}
            as_of.definitions.clear()
    return found


def _differs(file: File, scope: Scope, key: int, moment: int, rebound: set[str]) -> bool:
    """Whether a function uses a name that stands for something else at a later moment."""
    names = file.functions[key].free & rebound
    return any(scope.free(name, _born(file, key)) != scope.in_force(name, moment) for name in names)


def _born(file: File, key: int) -> int:
    """Where the outermost function around one is defined."""
    enclosing = file.definitions[key].enclosing
    return key if enclosing is None else _born(file, enclosing)


def _as_of(file: File, scope: Scope, moment: int, read: Read) -> File:
    """The file, none of its functions read yet, with its names as they are at a moment."""
    at = replace(scope, moment=moment)
    copy = File(
        file.source,
        read,
        classes={
            key: replace(info, attributes=dict(info.attributes))
            for key, info in file.classes.items()
        },
        functions={key: each for key, each in file.functions.items() if key >= ELSEWHERE},
        shared=file.shared,
        walrus=file.walrus,
        yields=file.yields,
        imports=file.imports,
    )
    for key, each in file.definitions.items():
        if key >= ELSEWHERE:
            copy.definitions[key] = each
        elif each.enclosing is None:
            own = each.scope
            fresh = Scope(at, own.born, own.names, own.shared)
            copy.definitions[key] = replace(each, home=copy, scope=fresh)
    return copy


def _reached(file: File, stack: Stack) -> list[int]:
    """The functions of a file that a run leads to, as far as can be told, each of them read."""
    pending = list(_functions_of(file, [stack.model]))
    pending += _functions_of(file, _values(stack.arguments))
    seen: list[int] = []
    while pending:
        key = pending.pop()
        function = _function(file, key) if key not in seen and key < ELSEWHERE else None
        if function is not None:
            seen.append(key)
            gone_through = (each.elements for each in function.iterations.values())
            pending += _functions_of(file, [function.returns, *gone_through])
            for step in function.body:
                if isinstance(step, Call):
                    pending += _functions_of(file, [step.callee, *_values(step.arguments)])
    return seen


def _function(file: File, key: int) -> Function | None:
    """A function, read after those around it."""
    if key not in file.functions and key not in file.definitions:
        around = _around(file, key)
        if around is not None:
            _function(file, around)
    return file.function(key)


def _around(file: File, key: int) -> int | None:
    """The innermost of the functions in sight that holds an offset."""
    holding = [
        start for start, each in file.definitions.items() if start <= key < file.span(each.node).end
    ]
    return max(holding, default=None)


def _functions_of(file: File, values: Iterable[Value]) -> Iterator[int]:
    """The functions that values hold, methods included."""
    for value in values:
        if isinstance(value, Callee):
            if value.function is not None:
                yield value.function
            if value.method is not None:
                for key in file.classes:
                    yield from filter(None, [file.find_method(key, value.method)])
            held: list[Value] = [v for _, v in value.closure if isinstance(v, (Callee, Instance))]
            held += [value.derived] if value.derived is not None else []
            yield from _functions_of(file, [*held, *_values(value.bound)])
        elif isinstance(value, Instance):
            yield from file.methods_of(value.key).values()
            yield from _functions_of(file, (each for _, each in value.attributes))
        elif isinstance(value, Sequence):
            yield from _functions_of(file, value.items)
        elif isinstance(value, Table):
            yield from _functions_of(file, (key.value for key in value.keys))
        elif isinstance(value, Derived):
            yield from _functions_of(file, value.operands)


def _values(arguments: Arguments | None) -> list[Value]:
    return [] if arguments is None else [item.value for item in arguments.items]
