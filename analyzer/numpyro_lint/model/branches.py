"""Branches: conditions that an argument or a constant settles, and the arms they lead to."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar

from numpyro_lint.model.arithmetic import combined
from numpyro_lint.model.derive import derive
from numpyro_lint.model.ir import (
    Branch,
    Const,
    Derived,
    Instance,
    Opaque,
    Param,
    Sequence,
    Test,
    Text,
    Value,
)
from numpyro_lint.model.members import attribute
from numpyro_lint.model.name import Name
from numpyro_lint.model.scope import Body, together

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


def is_main(node: ast.expr) -> bool:
    """Whether a test is `__name__ == "__main__"`."""
    match node:
        case ast.Compare(ast.Name("__name__"), [ast.Eq()], [ast.Constant("__main__")]):
            return True
    return False


def negated(test: Test | None) -> Test | None:
    return Test(test.value, not test.expected) if test else None


def test_of(body: Body, node: ast.expr) -> Test | None:
    """A condition that an argument of the function settles, if `node` is one."""
    value = _truth(body, node)
    return Test(value, True) if isinstance(value, (Param, Derived)) else None


def _truth(body: Body, node: ast.expr) -> Value:
    """What a test comes to, as far as reading it takes no step."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return derive("not", _truth(body, node.operand))
    if isinstance(node, ast.BoolOp):
        word = "and" if isinstance(node.op, ast.And) else "or"
        return derive(word, *(_truth(body, each) for each in node.values))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = _operand(body, node.left), _operand(body, node.comparators[0])
        op = type(node.ops[0])
        if op in (ast.Is, ast.IsNot):
            if right != Const(None):
                return Opaque()
            none = derive("none", left)
            return none if op is ast.Is else derive("not", none)
        return derive(_COMPARED[op], left, right)
    return _operand(body, node)


def _operand(body: Body, node: ast.expr) -> Value:
    """A value that is read without taking a step."""
    if isinstance(node, ast.Name):
        return body.look_up(node.id)
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return Text(Name.of(node.value))
        return Opaque() if node.value is ... else Const(node.value)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        items = tuple(_operand(body, each) for each in node.elts)
        return Sequence(items, depends=together(*items))
    if isinstance(node, ast.BinOp):
        return combined(node.op, _operand(body, node.left), _operand(body, node.right))
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = body.look_up(node.value.id)
        if isinstance(owner, Instance) and body.file.find_method(owner.key, node.attr) is None:
            return attribute(body, owner, node)
    return Opaque()


_COMPARED: dict[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
