"""Executes the part of a file that a model needs, at its own positions.

The selected statements are compiled from the file's tree under the file's real path, so that
tracebacks, `__file__` and spans are those of the file. A function that must be entered to reach
the model becomes a function of the same name and parameters with only the selected statements.
"""

from __future__ import annotations
import __future__

import ast
import copy
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any

from ..protocol import Call, Failure, FileRequest, ModelRequest, Position, Scope, Stage
from .failure import failure_of
from .workspace import package_of

MODULE = "__numpyro_lint__"
_FOUND = "__numpyro_lint_found__"
_REACHED = "__numpyro_lint_reached__"
_NOWHERE = "<numpyro_lint arguments>"
_ARGUMENTS = "__numpyro_lint_arguments__"
_FALLBACK = "__numpyro_lint_name_{}__"
_FALLBACKS = {
    "jnp": "jax.numpy",
    "np": "numpy",
    "jax": "jax",
    "numpyro": "numpyro",
    "dist": "numpyro.distributions",
}
_NO_ARGUMENTS = ast.arguments([], [], None, [], [], None, [])
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class SliceError(Exception):
    """The slice could not be executed; `failure` tells why and where."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True)
class Target:
    """What is to be traced: `model(*args, **kwargs)`, within what `contexts` makes anew."""

    model: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    contexts: Callable[[], tuple[Any, ...]] = tuple


class Text:
    """A parsed file, whose statements are found by where they start."""

    def __init__(self, request: FileRequest) -> None:
        self.path = request.path
        self.tree = ast.parse(request.text, request.path)
        self.flags = _future_flags(self.tree)
        self._statements: dict[tuple[int, int], ast.stmt] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt):
                self._statements.setdefault((node.lineno, node.col_offset), node)
                for decorator in getattr(node, "decorator_list", [])[:1]:
                    start = (decorator.lineno, node.col_offset)  # that of the "@"
                    self._statements.setdefault(start, node)

    def statement(self, position: Position) -> ast.stmt:
        node = self._statements.get((position.line, position.column))
        if node is None:
            message = f"no statement starts at line {position.line}, column {position.column}"
            raise SliceError(Failure("slice", "LookupError", message, position))
        return node

    def compile(self, node: ast.Module, path: str | None = None) -> CodeType:
        code = compile(node, path or self.path, "exec", flags=self.flags, dont_inherit=True)
        assert isinstance(code, CodeType)
        return code


def _future_flags(tree: ast.Module) -> int:
    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(__future__, alias.name).compiler_flag
    return flags


def load_text(request: FileRequest) -> Text:
    """Parse the file; raises SliceError where this Python cannot."""
    try:
        return Text(request)
    except (SyntaxError, ValueError) as error:
        raise SliceError(failure_of(error, "slice", request.path)) from None


def _execute(text: Text, statements: Iterable[Position], namespace: dict[str, Any]) -> None:
    for position in statements:
        node = text.statement(position)
        try:
            exec(text.compile(ast.Module([node], [])), namespace)
        except BaseException as error:
            imports = isinstance(error, ImportError) or isinstance(
                node, (ast.Import, ast.ImportFrom)
            )
            raise SliceError(
                failure_of(error, "import" if imports else "slice", text.path, advice_on(error))
            ) from None


def advice_on(error: BaseException) -> str | None:
    """What would help against an exception, where that is known."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.split(".")[0]
        return f"Install {package!r} for {sys.executable}, or choose another interpreter."
    return None


def _expression(text: str, what: Stage) -> ast.expr:
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError as error:
        message = f"{text!r} is not an expression: {error.msg}"
        raise SliceError(Failure(what, "SyntaxError", message)) from None


def _call(function: str, call: Call) -> ast.Call:
    """The tree of `function(*positional, **keyword)`."""
    args: list[ast.expr] = []
    for item in call.positional:
        starred = item.lstrip().startswith("*")
        value = _expression(item.lstrip()[1:] if starred else item, "arguments")
        args.append(ast.Starred(value, ast.Load()) if starred else value)
    keywords = [
        ast.keyword(None if name == "**" else name, _expression(value, "arguments"))
        for name, value in call.keyword.items()
    ]
    return ast.Call(ast.Name(function, ast.Load()), args, keywords)


def _place(tree: ast.AST, like: ast.AST | None) -> None:
    """Give a generated tree one position: that of the node it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.stmt, ast.keyword, ast.arg)):
            node.lineno = node.end_lineno = getattr(like, "lineno", 1)
            node.col_offset = node.end_col_offset = getattr(like, "col_offset", 0)


def _bound_names(functions: list[_Function]) -> Iterator[str]:
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.arg):
                yield node.arg
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                yield node.id
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                yield node.name
            elif isinstance(node, ast.alias):
                yield node.asname or node.name.split(".")[0]


def _provide(tree: ast.AST, bound: set[str], namespace: dict[str, Any]) -> None:
    """Let an expression use `jnp`, `np` ... where the file itself has no such name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _FALLBACKS and node.id not in bound:
            module = sys.modules[_FALLBACKS[node.id]]
            node.id = _FALLBACK.format(node.id)
            namespace[node.id] = module


def _function(text: Text, scope: Scope) -> _Function:
    node = text.statement(scope.function)
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        message = "there is no function here to enter"
        raise SliceError(Failure("slice", "LookupError", message, scope.function))
    return node


def _entered(function: _Function, body: list[ast.stmt]) -> ast.FunctionDef:
    """The function with another body, without decorators and annotations."""
    args = copy.deepcopy(function.args)
    for node in ast.walk(args):
        if isinstance(node, ast.arg):
            node.annotation = None
    entered = ast.FunctionDef(function.name, args, body, [], None, None)
    entered.type_params = []  # type: ignore[attr-defined,unused-ignore]
    return ast.copy_location(entered, function)


def _program(text: Text, model: ModelRequest, namespace: dict[str, Any]) -> ast.Module:
    """The tree that assigns (model, None, arguments, contexts) to one name, through the scopes."""
    functions = [_function(text, scope) for scope in model.scopes]
    bound = {*namespace, *_bound_names(functions)}

    def generated(tree: Any, like: _Function | None) -> Any:
        _provide(tree, bound, namespace)
        _place(tree, like)
        return tree

    innermost = functions[-1] if functions else None
    target = _expression(model.target, "slice")
    reached = ast.Call(ast.Name(_REACHED, ast.Load()), [], [])
    arguments = _call(_ARGUMENTS, model.call)
    entered = [_expression(context, "slice") for context in model.contexts]
    contexts = ast.Lambda(_NO_ARGUMENTS, ast.Tuple(entered, ast.Load()))
    found = generated(ast.Tuple([target, reached, arguments, contexts], ast.Load()), innermost)
    tail: list[ast.stmt] = []
    for scope, function in reversed(list(zip(model.scopes, functions, strict=True))):
        body = [text.statement(position) for position in scope.statements]
        leave = generated(ast.Return(found), function)
        tail = [_entered(function, [*body, *tail, leave])]
        found = generated(_call(function.name, scope.call), function)
    enter = generated(ast.Assign([ast.Name(_FOUND, ast.Store())], found), innermost)
    return ast.Module([*tail, enter], [])


def _module(text: Text) -> ModuleType:
    # Registered, since dataclasses and pickle look a class's module up by its name.
    module = sys.modules[MODULE] = ModuleType(MODULE)
    module.__file__ = text.path
    module.__package__ = package_of(text.path)
    return module


def load(text: Text, model: ModelRequest) -> Target:
    """Execute the statements of one model in a fresh module; raises SliceError."""
    namespace = _module(text).__dict__
    _execute(text, model.statements, namespace)
    stages: list[Stage] = ["slice"]
    namespace[_REACHED] = lambda: stages.append("arguments")
    namespace[_ARGUMENTS] = lambda *args, **kwargs: (args, kwargs)
    program = _program(text, model, namespace)
    try:
        exec(text.compile(program, None if model.scopes else _NOWHERE), namespace)
    except BaseException as error:
        raise SliceError(failure_of(error, stages[-1], text.path, advice_on(error))) from None
    found, _, (args, kwargs), contexts = namespace[_FOUND]
    if not callable(found):
        message = f"{model.target} is {type(found).__name__}, which cannot be called"
        raise SliceError(Failure("slice", "TypeError", message))
    return Target(found, args, kwargs, contexts if model.contexts else tuple)
