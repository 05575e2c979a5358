"""Which names a statement binds, and which it needs, now or when its functions are called."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from numpyro_lint.record import record
from numpyro_lint.syntax import trees

_Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# Settings of a whole program: kept wherever they stand before what is run.
_SETTINGS = frozenset(
    {
        "numpyro.enable_x64",
        "numpyro.enable_validation",
        "jax.config.update",
        "config.update",
        "np.random.seed",
        "numpy.random.seed",
        "random.seed",
    }
)


@record
class Uses:
    """The names of a statement. `binds` whole new values; `changes` what a name already holds;
    `needs` at once; `needs_later` in the bodies of functions that it defines."""

    binds: frozenset[str]
    changes: frozenset[str]
    needs: frozenset[str]
    needs_later: frozenset[str]


def uses(statement: ast.stmt) -> Uses:
    """The names that a statement binds and needs."""
    binds: set[str] = set()
    changes: set[str] = set()
    needs: set[str] = set()
    later: set[str] = set()
    _walk(statement, binds, changes, needs, later)
    certain = not isinstance(statement, (ast.If, ast.For, ast.While, ast.Try, ast.Match))
    if not certain:
        changes |= binds
        binds = set()
    return Uses(*map(frozenset, (binds, changes, needs, later)))


def _walk(
    node: ast.AST, binds: set[str], changes: set[str], needs: set[str], later: set[str]
) -> None:
    if isinstance(node, _Function):
        _function(node, binds, changes, needs, later)
        return
    if isinstance(node, ast.ClassDef):
        binds.add(node.name)
        inner: set[str] = set()
        for child in (*node.bases, *node.keywords, *node.decorator_list):
            _walk(child, binds, changes, needs, later)
        for statement in node.body:
            _walk(statement, inner, set(), needs, later)
        needs -= inner
        return
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
        own: set[str] = set()
        used: set[str] = set()
        for child in ast.iter_child_nodes(node):
            _walk(child, own, changes, used, later)
        needs |= used - own
        return
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        binds.update((a.asname or a.name.partition(".")[0]) for a in node.names)
        return
    if isinstance(node, ast.Name):
        (needs if isinstance(node.ctx, ast.Load) else binds).add(node.id)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        changes.add(node.target.id)
        needs.add(node.target.id)
        _walk(node.value, binds, changes, needs, later)
        return
    elif isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
        changes.update(_base(node))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        if isinstance(node.value.func, ast.Attribute):
            changes.update(_base(node.value.func))
    for child in ast.iter_child_nodes(node):
        _walk(child, binds, changes, needs, later)


def _base(node: ast.expr) -> Iterator[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
    binds: set[str],
    changes: set[str],
    needs: set[str],
    later: set[str],
) -> None:
    arguments = node.args
    if not isinstance(node, ast.Lambda):
        binds.add(node.name)
        for decorator in node.decorator_list:
            _walk(decorator, binds, changes, needs, later)
    for default in (*arguments.defaults, *filter(None, arguments.kw_defaults)):
        _walk(default, binds, changes, needs, later)
    slots = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    slots += filter(None, (arguments.vararg, arguments.kwarg))
    local = {each.arg for each in slots}
    for annotation in (*(each.annotation for each in slots), getattr(node, "returns", None)):
        if annotation is not None:
            _walk(annotation, binds, changes, needs, later)
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    used: set[str] = set()
    deep: set[str] = set()
    shared: set[str] = set()
    for child in body:
        shared.update(_shared(child))
        _walk(child, local, set(), used, deep)
    later |= (used | deep) - (local - shared)


def _shared(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, (ast.Global, ast.Nonlocal)):
            yield from child.names


def names_in(expression: str) -> frozenset[str]:
    """The names that an expression needs; none where it does not parse."""
    try:
        tree = trees.expression(f"({expression}\n)")
    except SyntaxError:
        return frozenset()
    needs: set[str] = set()
    _walk(tree, set(), set(), needs, needs)
    return frozenset(needs)


def is_setting(statement: ast.stmt) -> bool:
    """Whether a statement configures JAX or NumPyro for the whole program."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func) in _SETTINGS
    return False


def is_main_guard(statement: ast.stmt) -> bool:
    """`if __name__ == "__main__":`"""
    return isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test)
