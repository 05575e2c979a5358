"""The tree of what is run to reach a model: functions, loops and contexts with a few statements.

A function that must be entered becomes a function of the same parameters with only the selected
statements, and stands where its definition stands: in the module, or in the one that holds it.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..protocol import Call, Failure, ModelRequest, Scope, Stage
from .text import SliceError, Text

FOUND = "__numpyro_lint_found__"
REACHED = "__numpyro_lint_reached__"
ARGUMENTS = "__numpyro_lint_arguments__"
MISSING = "__numpyro_lint_missing__"
_ENTERED = "__numpyro_lint_enter_{}__"
_FALLBACK = "__numpyro_lint_name_{}__"
_FALLBACKS = {
    "jnp": "jax.numpy",
    "np": "numpy",
    "jax": "jax",
    "numpyro": "numpyro",
    "dist": "numpyro.distributions",
}
_NO_ARGUMENTS = ast.arguments([], [], None, [], [], None, [])
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_Loop = (ast.For, ast.AsyncFor)
_With = (ast.With, ast.AsyncWith)


def program(text: Text, model: ModelRequest, namespace: dict[str, Any]) -> ast.Module:
    """The tree that calls FOUND with the model, its arguments and contexts, through the scopes.

    Raises SliceError where what is asked for is not in the file.
    """
    nodes = [text.statement(scope.function) for scope in model.scopes]
    bound = {*namespace, *_bound_in(nodes)}

    def generated(tree: Any, like: ast.stmt | None) -> Any:
        _provide(tree, bound, namespace)
        _place(tree, like)
        return tree

    innermost = nodes[-1] if nodes else None
    reached = ast.Call(ast.Name(REACHED, ast.Load()), [], [])
    entered = [expression(context, "slice") for context in model.contexts]
    contexts = ast.Lambda(_NO_ARGUMENTS, ast.Tuple(entered, ast.Load()))
    arguments = _call(ARGUMENTS, model.call)
    found = [expression(model.target, "slice"), reached, arguments, contexts]
    code: list[ast.stmt] = [generated(_statement(FOUND, found), innermost)]
    inside: dict[int, list[ast.stmt]] = {index: [] for index in range(-1, len(nodes))}
    for index in range(len(nodes) - 1, -1, -1):
        node, scope = nodes[index], model.scopes[index]
        body = [*_guarded(text, scope), *inside[index], *code]
        if isinstance(node, _Function):
            name = _ENTERED.format(index)
            inside[_home(nodes, index)] += [*_shared(name, node, nodes), _entered(node, name, body)]
            code = [generated(ast.Expr(_call(name, scope.call)), node)]
        else:
            code = [_around(node, body, scope)]
    return ast.Module([*inside[-1], *code], [])


def _home(nodes: Sequence[ast.stmt], index: int) -> int:
    """The last scope before one that holds its definition; -1 for the module."""
    node = nodes[index]
    for outer in range(index - 1, -1, -1):
        if any(inner is node for inner in ast.walk(nodes[outer])):
            return outer
    return -1


def _shared(name: str, node: ast.stmt, nodes: Sequence[ast.stmt]) -> list[ast.stmt]:
    """A function that stands in another is called from wherever the way leads."""
    statement: ast.stmt = ast.Global([name])
    _place(statement, node)
    return [statement] if any(isinstance(each, _Function) for each in nodes) else []


def _entered(
    function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, body: list[ast.stmt]
) -> ast.FunctionDef:
    """The function with another body, without decorators and annotations."""
    args = copy.deepcopy(function.args)
    for node in ast.walk(args):
        if isinstance(node, ast.arg):
            node.annotation = None
    entered = ast.FunctionDef(name, args, body, [], None, None)
    entered.type_params = []  # type: ignore[attr-defined,unused-ignore]
    return ast.copy_location(entered, function)


def _around(node: ast.stmt, body: list[ast.stmt], scope: Scope) -> ast.stmt:
    """A loop or a context with another body."""
    if isinstance(node, _Loop):
        return ast.copy_location(ast.For(node.target, node.iter, body, [], None), node)
    if isinstance(node, _With):
        return ast.copy_location(ast.With(node.items, body, None), node)
    message = "there is no function, loop or context here to enter"
    raise SliceError(Failure("slice", "LookupError", message, scope.function))


def _guarded(text: Text, scope: Scope) -> Iterator[ast.stmt]:
    """Statements each of which may fail: what it was to bind is missing then."""
    for position in scope.statements:
        node = text.statement(position)
        names = sorted(set(bound_by(node)))
        value = ast.Call(ast.Name(MISSING, ast.Load()), [], [])
        targets: list[ast.expr] = [ast.Name(name, ast.Store()) for name in names]
        told = ast.Assign(targets, value) if targets else ast.Expr(value)
        handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [told])
        tried = ast.Try([node], [handler], [], [])
        for each in (handler, told):
            _place(each, node)
        yield ast.copy_location(tried, node)


def bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a statement binds in its own scope."""
    if isinstance(node, (*_Function, ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.alias) and node.name != "*":
        yield node.asname or node.name.split(".")[0]
    for child in ast.iter_child_nodes(node):
        yield from bound_by(child)


def _bound_in(nodes: Iterable[ast.stmt]) -> Iterator[str]:
    for outer in nodes:
        for node in ast.walk(outer):
            if isinstance(node, ast.arg):
                yield node.arg
            elif isinstance(node, ast.stmt):
                yield from bound_by(node)


def expression(text: str, what: Stage) -> ast.expr:
    """The tree of an expression; raises SliceError."""
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError as error:
        message = f"{text!r} is not an expression: {error.msg}"
        raise SliceError(Failure(what, "SyntaxError", message)) from None


def _statement(function: str, arguments: list[ast.expr]) -> ast.stmt:
    return ast.Expr(ast.Call(ast.Name(function, ast.Load()), arguments, []))


def _call(function: str, call: Call) -> ast.Call:
    """The tree of `function(*positional, **keyword)`."""
    args: list[ast.expr] = []
    for item in call.positional:
        starred = item.lstrip().startswith("*")
        value = expression(item.lstrip()[1:] if starred else item, "arguments")
        args.append(ast.Starred(value, ast.Load()) if starred else value)
    keywords = [
        ast.keyword(None if name == "**" else name, expression(value, "arguments"))
        for name, value in call.keyword.items()
    ]
    return ast.Call(ast.Name(function, ast.Load()), args, keywords)


def _place(tree: ast.AST, like: ast.AST | None) -> None:
    """Give a generated tree one position: that of the node it stands for."""
    for node in ast.walk(tree):
        if "lineno" in node._attributes:
            node.lineno = node.end_lineno = getattr(like, "lineno", 1)  # type: ignore[attr-defined]
            node.col_offset = node.end_col_offset = getattr(  # type: ignore[attr-defined]
                like, "col_offset", 0
            )


def _provide(tree: ast.AST, bound: set[str], namespace: dict[str, Any]) -> None:
    """Let an expression use `jnp`, `np` ... where the file itself has no such name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _FALLBACKS and node.id not in bound:
            module = sys.modules[_FALLBACKS[node.id]]
            node.id = _FALLBACK.format(node.id)
            namespace[node.id] = module
