"""A notebook as a program: its magics left out, and a name for each thing that it defines.

Notebooks call each of their models `model`. What is planted into one of them has to be told from
the rest by its name, so each definition after the first gets a name of its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_MAGIC = r"(?m)^([ \t]*)[%!?].*$"
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
Place = tuple[int, int]


def as_program(text: str) -> str:
    """The text of the cells as Python; as it is where it is none."""
    text = re.sub(_MAGIC, r"\1pass", text)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return text
    return _renamed(text, tree) if text.isascii() else text


def _renamed(text: str, tree: ast.Module) -> str:
    names = _redefined(tree) - _kept(tree)
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    version = dict.fromkeys(names, 0)
    edits: list[tuple[int, int, str]] = []
    for statement in tree.body:
        for line, column, name in _read(statement, names):
            at = starts[line - 1] + column
            edits.append((at, at + len(name), _numbered(name, version[name])))
        for line, column, name in _bound(statement):
            if name in names:
                version[name] += 1
                at = text.index(name, starts[line - 1] + column)
                edits.append((at, at + len(name), _numbered(name, version[name])))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _numbered(name: str, version: int) -> str:
    return name if version < 2 else f"{name}_{version}"


def _bound(statement: ast.stmt) -> Iterator[tuple[int, int, str]]:
    """The names that a statement of the top level gives one thing, without any condition."""
    if isinstance(statement, ast.FunctionDef):
        yield statement.lineno, statement.col_offset + len("def"), statement.name
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.lineno, node.col_offset, node.id


def _redefined(tree: ast.Module) -> set[str]:
    bound = [name for statement in tree.body for _, _, name in _bound(statement)]
    return {name for name in bound if bound.count(name) > 1}


def _kept(tree: ast.Module) -> set[str]:
    """The names that a place does not tell apart: those of functions and texts, and those that are
    bound in any other way."""
    own = {(line, column) for each in tree.body for line, column, _ in _bound(each)}
    kept: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            kept |= {node.id} if (node.lineno, node.col_offset) not in own else set()
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            kept |= {each.asname or each.name for each in node.names}
        elif isinstance(node, ast.Global):
            kept |= set(node.names)
        elif isinstance(node, (*_INNER, ast.JoinedStr)):
            kept |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            kept |= {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
            inner = node not in tree.body and isinstance(node, (ast.FunctionDef, ast.ClassDef))
            kept |= {node.name} if inner else set()
    return kept


def _read(statement: ast.stmt, names: set[str]) -> Iterator[tuple[int, int, str]]:
    """Where a statement reads names, in itself or in the defaults of a function."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            yield node.lineno, node.col_offset, node.id
