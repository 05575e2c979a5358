"""Loops: what they change from pass to pass, and which of them pass a place only once."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from numpyro_lint.model.derive import derive
from numpyro_lint.model.ir import Derived, Opaque, Param, Value
from numpyro_lint.model.ir import Sequence as Items
from numpyro_lint.model.passes import part_at
from numpyro_lint.model.program import Iteration
from numpyro_lint.model.scope import Body
from numpyro_lint.syntax.walk import walk
from numpyro_lint.text import Span

Where = tuple[int, ...]
_NOWHERE = 1 << 30
# Functions that give the same for the same arguments.
_STEADY = frozenset(
    "abs all any bool callable float getattr hasattr int isinstance len max min "
    "round str sum type".split()
)


def changed_in(statements: Sequence[ast.AST]) -> frozenset[str]:
    """The names that statements bind, or whose objects they may change."""
    names: set[str] = set()
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                names.update(_base(node.value.func))
            elif isinstance(node, (ast.Attribute, ast.Subscript)):
                if isinstance(node.ctx, (ast.Store, ast.Del)):
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
            body.variables[name.id] = part_at(elements.items[0], where)
    elif isinstance(elements, (Items, Derived)):
        targets = []
        for name, where in names:
            key = f"{name.id}@{body.file.span(name).start}"
            body.variables[name.id] = Param(
                name.id, key, depends=iterated.depends | {key}, drawn=iterated.drawn
            )
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
