"""The nodes of a tree, in half the time that `ast.walk` takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# What says nothing that its owner does not say: most nodes of a tree are these.
_LEFT_OUT = frozenset({"ctx", "op", "ops"})
_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _LEFT_OUT)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all that is below it but operators and contexts, in no order to rely on."""
    pending = [node]
    while pending:
        each = pending.pop()
        yield each
        for name in _PARTS[each.__class__]:
            value = getattr(each, name, None)
            if value.__class__ is list:
                pending += [child for child in value if isinstance(child, ast.AST)]
            elif isinstance(value, ast.AST):
                pending.append(value)
