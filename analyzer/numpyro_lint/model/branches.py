"""Branches: conditions that an argument or a constant settles, and the arms they lead to."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar

from numpyro_lint.model.ir import Branch, Param, Test
from numpyro_lint.model.scope import Body

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
    return Test(test.param, test.kind, not test.expected) if test else None


def test_of(body: Body, node: ast.expr) -> Test | None:
    """A condition that an argument of the function settles, if `node` is one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return negated(test_of(body, node.operand))
    if isinstance(node, ast.Name):
        value = body.look_up(node.id)
        return Test(value.key, "truth", True) if isinstance(value, Param) else None
    if (
        isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.left, ast.Name)
        and isinstance(node.ops[0], (ast.Is, ast.IsNot))
        and isinstance(node.comparators[0], ast.Constant)
        and node.comparators[0].value is None
    ):
        value = body.look_up(node.left.id)
        if isinstance(value, Param):
            return Test(value.key, "none", isinstance(node.ops[0], ast.Is))
    return None
