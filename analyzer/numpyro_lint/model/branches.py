"""Branches: conditions that an argument or a constant settles, and the arms they lead to."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar

from numpyro_lint.model.ir import Branch, Param, Test
from numpyro_lint.model.scope import Body
from numpyro_lint.record import replace

T = TypeVar("T")


def in_branch(body: Body, branch: Branch, read: Callable[[], T]) -> T:
    """Runs `read` with the reader inside one arm of a branch."""
    before = body.branches
    body.branches = (*before, branch)
    try:
        return read()
    finally:
        body.branches = before


def constant_truth(node: ast.expr) -> bool | None:
    """The truth of a constant test (`if False`, `TYPE_CHECKING`)."""
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING":
        return False
    return None


def negated(test: Test | None) -> Test | None:
    return replace(test, expected=not test.expected) if test else None


def test_of(body: Body, node: ast.expr) -> Test | None:
    """A condition that an argument of the function settles, if `node` is one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return negated(test_of(body, node.operand))
    if isinstance(node, ast.Name):
        value = body.look_up(node.id)
        return Test(value.key, "truth", True) if isinstance(value, Param) else None
    match node:
        case ast.Compare(ast.Name(name), [op], [ast.Constant(constant)]):
            value = body.look_up(name)
            if isinstance(value, Param):
                return _comparison(value.key, op, constant)
    return None


def _comparison(param: str, op: ast.cmpop, constant: object) -> Test | None:
    """`param is None`, `param == "text"` and their opposites."""
    if constant is None and isinstance(op, (ast.Is, ast.IsNot)):
        return Test(param, "none", isinstance(op, ast.Is))
    if isinstance(constant, (str, int)) and isinstance(op, (ast.Eq, ast.NotEq)):
        return Test(param, "equal", isinstance(op, ast.Eq), constant)
    return None
