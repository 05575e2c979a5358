"""Loops: what they change from pass to pass, and which of them pass a place only once."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence

from numpyro_lint.model.derive import LONGEST, derive
from numpyro_lint.model.ir import NOTHING, Const, Derived, Opaque, Origins, Param, Value
from numpyro_lint.model.ir import Sequence as Items
from numpyro_lint.model.passes import part_at
from numpyro_lint.model.program import Iteration
from numpyro_lint.model.scope import Body
from numpyro_lint.syntax.walk import walk
from numpyro_lint.text import Span

Where = tuple[int, ...]
_NOWHERE = 1 << 30
_STEPS: dict[type, int] = {ast.Add: 1, ast.Sub: -1}
_TESTS: dict[type, Callable[[int, int], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.NotEq: operator.ne,
}
# Functions that give the same for the same arguments.
_STEADY = frozenset(
    "abs all any bool callable float getattr hasattr int isinstance len max min "
    "round str sum type".split()
)

_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CHANGING = (ast.Name, ast.Expr, ast.Attribute, ast.Subscript, *_DEFINED)


def changed_in(statements: Sequence[ast.AST]) -> frozenset[str]:
    """The names that statements bind, or whose objects they may change."""
    names: set[str] = set()
    for statement in statements:
        for node in walk(statement, *_CHANGING):
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Store):
                    names.add(node.id)
            elif isinstance(node, ast.Expr):
                if isinstance(node.value, ast.Call):
                    names.update(_base(node.value.func))
            elif isinstance(node, _DEFINED):
                names.add(node.name)
            elif isinstance(node.ctx, (ast.Store, ast.Del)):
                names.update(_base(node))
    return frozenset(names)


def _base(node: ast.expr) -> Iterator[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def turns(body: Body, test: ast.expr) -> bool:
    """Whether a test may come out otherwise in another pass of the loops around the reader."""
    if not body.loops:
        return False
    for node in walk(test):
        if isinstance(node, ast.Name) and node.id in body.turning:
            return True
        if isinstance(node, ast.Call):
            if not (isinstance(node.func, ast.Name) and node.func.id in _STEADY):
                return True
    return False


def captured(body: Body, node: ast.AST) -> Origins:
    """The variables of the loops around a function on which it depends, perhaps."""
    if not body.turning or not body.iterations:
        return NOTHING
    names = (each.id for each in walk(node, ast.Name))
    if body.turning.isdisjoint(names):
        return NOTHING
    around = (body.iterations.get(loop) for loop in body.loops)
    return frozenset(key for each in around if each is not None for key, _ in each.targets)


def bind_counter(body: Body, node: ast.While, before: Mapping[str, Value]) -> None:
    """Takes a `while` that counts from one known number to another for a loop over numbers.

    `before`: what variables held before the loop.
    """
    test, last, inside = node.test, node.body[-1], node.body[:-1]
    if not isinstance(test, ast.Compare) or len(test.ops) > 1:
        return
    name, limit = test.left, test.comparators[0]
    step = _step(last, name.id) if isinstance(name, ast.Name) else None
    if not isinstance(name, ast.Name) or step is None or type(test.ops[0]) not in _TESTS:
        return
    if isinstance(limit, ast.Name):
        known = before.get(limit.id)
        end: object = known.value if isinstance(known, Const) else None
    else:
        end = getattr(limit, "value", None)
    first = before.get(name.id)
    start = first.value if isinstance(first, Const) else None
    passes = _numbers(start, end, _TESTS[type(test.ops[0])], step)
    if passes and not _interferes(inside, test):
        span = body.file.span(node)
        key = f"{name.id}@{span.start}"
        body.iterations[span] = Iteration(span, Items(passes), ((key, ()),))
        body.assign(name.id, Param(name.id, key, depends=frozenset({key})), span.start)


def _interferes(inside: Sequence[ast.stmt], test: ast.Compare) -> bool:
    """Whether a loop leaves out counting, or changes what it is tested by."""
    tested = {each.id for each in walk(test, ast.Name)}
    if not tested.isdisjoint(changed_in(inside)):
        return True
    return any(map(_continues, inside))


def _continues(node: ast.AST) -> bool:
    """Whether a statement holds a `continue` of the loop around it."""
    if isinstance(node, ast.Continue):
        return True
    if isinstance(node, _DEFINED):
        return False
    loops = (ast.For, ast.AsyncFor, ast.While)
    children = node.orelse if isinstance(node, loops) else ast.iter_child_nodes(node)
    return any(map(_continues, children))


def _step(last: ast.stmt, name: str) -> int | None:
    """What a statement adds to a variable."""
    match last:
        case ast.AugAssign(ast.Name(same), op, ast.Constant(int(by))) if same == name:
            sign = _STEPS.get(type(op))
        case ast.Assign([ast.Name(same)], ast.BinOp(ast.Name(old), op, ast.Constant(int(by)))) if (
            same == old == name
        ):
            sign = _STEPS.get(type(op))
        case _:
            return None
    return None if sign is None else sign * by


def _numbers(
    start: object, end: object, test: Callable[[int, int], bool], step: int
) -> tuple[Value, ...] | None:
    """The numbers that a counter goes through; None where they are not known, or many."""
    if not isinstance(start, int) or not isinstance(end, int):
        return None
    found: list[Value] = []
    while test(start, end):
        found.append(Const(start))
        start += step
        if len(found) > LONGEST:
            return None
    return tuple(found)


def grown_in(node: ast.For | ast.AsyncFor) -> Iterator[str]:
    """The lists that every pass of a loop adds one element to, and that it leaves alone else."""
    for each in node.body:
        match each:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"), [_])):
                if _mentions_once(node, name):
                    yield name


def _mentions_once(node: ast.stmt, name: str) -> bool:
    """Whether a loop says a name once only, and has all its passes to the end."""
    found = 0
    for each in walk(node):
        if isinstance(each, (ast.Break, ast.Continue, ast.Return)):
            return False
        found += isinstance(each, ast.Name) and each.id == name
    return found == 1


def bind_loop_target(body: Body, target: ast.expr, iterated: Value, loop: Span) -> None:
    """Binds the variables of a `for`: each may be any element, where no pass can be told."""
    elements = derive("elements", iterated)
    names = list(_targets(target, ()))
    if isinstance(elements, Items) and len(elements.items) == 1:
        for name, where in names:
            only = part_at(elements.items[0], where)
            body.assign(name.id, only, body.file.span(name).start)
    elif isinstance(elements, (Items, Derived)):
        targets = []
        for name, where in names:
            key = f"{name.id}@{body.file.span(name).start}"
            own = Param(name.id, key, depends=iterated.depends | {key}, drawn=iterated.drawn)
            body.assign(name.id, own, body.file.span(name).start)
            targets.append((key, where))
        body.iterations[loop] = Iteration(loop, elements, tuple(targets))
    else:
        for name, _ in names:
            body.variables[name.id] = Opaque(depends=iterated.depends, drawn=iterated.drawn)


def _targets(
    target: ast.expr, where: tuple[int, ...]
) -> Iterator[tuple[ast.Name, tuple[int, ...]]]:
    """The variables that a target binds, each with its place in what is bound to it."""
    if isinstance(target, ast.Name):
        yield target, where
    elif isinstance(target, (ast.Tuple, ast.List)):
        for index, each in enumerate(target.elts):
            yield from _targets(each, (*where, index))
    elif isinstance(target, ast.Starred):
        # The rest of a sequence is no one element of it.
        yield from _targets(target.value, (*where, _NOWHERE))


def passed_again(loops: tuple[Span, ...], statements: Sequence[ast.stmt]) -> tuple[Span, ...]:
    """The loops that come back to these statements: `break` or `return` at the end leaves some."""
    last = statements[-1] if statements else None
    if isinstance(last, (ast.Return, ast.Raise)):
        return ()
    return loops[:-1] if isinstance(last, ast.Break) else loops


def makes_one_pass(iterable: ast.expr, iterated: Value) -> bool:
    """Whether a `for` over this has one pass at most."""
    if isinstance(iterated, Items):
        return len(iterated.items) <= 1
    match iterable:
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=0 | 1)]):
            return True
    return False
