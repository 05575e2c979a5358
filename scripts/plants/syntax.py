"""What Python code says by itself: arguments, calls, statements, names."""

from __future__ import annotations

import ast


def argument(call: ast.Call, index: int, name: str) -> ast.expr | None:
    """An argument of a call by its place or its name."""
    if index < len(call.args):
        return call.args[index]
    return next((each.value for each in call.keywords if each.arg == name), None)


def leaves(statement: ast.stmt) -> bool:
    """Whether a function may end at a statement."""
    return any(isinstance(node, (ast.Return, ast.Raise)) for node in ast.walk(statement))


def own_calls(scope: ast.AST) -> list[ast.Call]:
    """The calls of a function or of the top level, without those of functions inside."""
    found: list[ast.Call] = []
    pending = list(ast.iter_child_nodes(scope))
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.Call):
            found.append(node)
        pending += ast.iter_child_nodes(node)
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def own_statements(scope: ast.AST) -> list[ast.stmt]:
    """The statements of a function or of the top level, in order, without inner functions'."""
    found: list[ast.stmt] = []
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.stmt):
            found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            found += own_statements(node)
    return found


def assigned(scope: ast.AST) -> dict[str, ast.expr]:
    """The names that a scope gives one value, each with that value."""
    values: dict[str, list[ast.expr]] = {}
    for statement in own_statements(scope):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name):
                        values.setdefault(node.id, []).append(statement.value)
    return {name: given[0] for name, given in values.items() if len(given) == 1}


def first_values(scope: ast.AST) -> dict[str, ast.expr]:
    """What the names of a scope are first given, each by itself."""
    values: dict[str, ast.expr] = {}
    for statement in own_statements(scope):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, statement.value)
    return values


def entries(node: ast.expr) -> dict[str, ast.expr]:
    """The entries of a dict as it is written, or as `dict(...)` makes it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return {each.arg: each.value for each in node.keywords if each.arg is not None}
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {str(k.value): value for k, value in pairs if isinstance(k, ast.Constant)}
    return {}


def root(node: ast.expr) -> str | None:
    """The name that a chain of attributes, calls and indices begins with."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def parameters(scope: ast.AST) -> set[str]:
    """The parameters of a function; none of anything else."""
    inside = ast.walk(scope.args) if isinstance(scope, ast.FunctionDef) else ()
    return {node.arg for node in inside if isinstance(node, ast.arg)}


def bound(scope: ast.AST) -> set[str]:
    """The names that a function binds for itself."""
    if not isinstance(scope, ast.FunctionDef):
        return set()
    given = parameters(scope)
    stored = {
        node.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return given | stored


def defined(scope: ast.AST, name: str) -> ast.FunctionDef | None:
    """The function that another one defines under a name, once and whatever happens."""
    if not isinstance(scope, ast.FunctionDef):
        return None
    inside = [n for n in ast.walk(scope) if isinstance(n, ast.FunctionDef) and n.name == name]
    inside = [node for node in inside if node is not scope]
    return inside[0] if len(inside) == 1 and inside[0] in scope.body else None
