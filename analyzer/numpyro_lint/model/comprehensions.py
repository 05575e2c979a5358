"""Comprehensions: loops in expressions, and what they are known to make."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from numpyro_lint.model import hazards
from numpyro_lint.model.binding import resolve
from numpyro_lint.model.branches import test_of
from numpyro_lint.model.ir import Branch, Key, Opaque, PlateRef, Sequence, Table, Text, Value
from numpyro_lint.model.loops import bind_loop_target, changed_in, makes_one_pass, turns
from numpyro_lint.model.passes import passes_of
from numpyro_lint.model.scope import Body, together

Evaluate = Callable[[Body, ast.expr], Value]


def comprehension(body: Body, node: Any, evaluate: Evaluate) -> Value:
    """A list, set, dictionary or generator: its element is read once."""
    saved = dict(body.variables), body.loops, body.branches, body.turning, body.captured
    for generator in node.generators:
        iterated = evaluate(body, generator.iter)
        span = body.file.span(generator.iter)
        if not makes_one_pass(generator.iter, iterated):
            body.loops = (*body.loops, span)
        body.turning |= changed_in([generator.target])
        body.captured |= changed_in([generator.target])
        bind_loop_target(body, generator.target, iterated, span)
        for condition in generator.ifs:
            hazards.tested(body, condition, evaluate(body, condition), "if")
            test, turning = test_of(body, condition), turns(body, condition)
            branch = Branch(body.file.span(condition).start, 0, test, turning)
            body.branches = (*body.branches, branch)
    if isinstance(node, ast.DictComp):
        result = _as_table(body, node, evaluate)
    else:
        result = _as_sequence(body, node, evaluate(body, node.elt))
    body.variables, body.loops, body.branches, body.turning, body.captured = saved
    return result


def _passes(body: Body, node: Any) -> list[dict[str, Value]] | None:
    """The passes of a comprehension over one known sequence, each of which gives an element."""
    if len(node.generators) > 1 or node.generators[0].ifs:
        return None
    return passes_of(body.iterations.get(body.file.span(node.generators[0].iter)), {})


def _as_sequence(body: Body, node: Any, element: Value) -> Value:
    passes = _passes(body, node)
    if passes is None:
        return Opaque(depends=element.depends)
    return Sequence(tuple(resolve(element, each) for each in passes), depends=element.depends)


def _as_table(body: Body, node: ast.DictComp, evaluate: Evaluate) -> Value:
    key, value = evaluate(body, node.key), evaluate(body, node.value)
    rest = value if isinstance(value, PlateRef) else None
    unknown = Table((), False, rest, depends=together(key, value))
    keys = []
    for each in _passes(body, node) or ():
        name = resolve(key, each)
        if not isinstance(name, Text) or name.name.literal is None:
            return unknown
        item, spans = resolve(value, each), (body.file.span(node.key), body.file.span(node.value))
        keys.append(Key(name.name.literal, spans[0], item, spans[1]))
    return Table(tuple(keys), depends=unknown.depends) if keys else unknown
