"""How a file writes the names that a rewrite needs, with the imports that it has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from numpyro_lint.record import record
from numpyro_lint.syntax.names import imported

Import = ast.Import | ast.ImportFrom
_HANDLERS = "numpyro.handlers"
_REPARAM = "numpyro.infer.reparam"


@record
class Spelling:
    """`numpyro.handlers.reparam` and a reparameteriser, as this file writes them.

    `imports` are the statements that this takes; `known` are all ways in which the file, as it is,
    can write the handler.
    """

    handler: str
    strategy: str
    imports: tuple[str, ...]
    known: frozenset[str]


def spelling(tree: ast.Module, imports: Iterable[Import], strategy: str) -> Spelling:
    """The shortest names that the imports above a definition allow, or new imports."""
    bound = [pair for each in imports for pair in imported(each)]
    taken = _taken(tree)
    added: list[str] = []
    known = frozenset(_ways(bound, f"{_HANDLERS}.reparam"))
    handler = _shortest(known)
    if handler is None:
        statement, handler = _first_free(
            taken,
            ("handlers", "from numpyro import handlers", "handlers.reparam"),
            ("reparam", f"from {_HANDLERS} import reparam", "reparam"),
            ("numpyro", "import numpyro", f"{_HANDLERS}.reparam"),
        )
        added.append(statement)
    written = _shortest(_ways(bound, f"{_REPARAM}.{strategy}"))
    if written is None:
        statement, written = _first_free(
            taken,
            (strategy, f"from {_REPARAM} import {strategy}", strategy),
            ("numpyro", "import numpyro", f"{_REPARAM}.{strategy}"),
        )
        added.append(statement)
    return Spelling(handler, written, tuple(dict.fromkeys(added)), known)


def _ways(bound: Sequence[tuple[str, str]], wanted: str) -> Iterator[str]:
    """The ways to write a qualified name with what is imported."""
    home, _, leaf = wanted.rpartition(".")
    for name, qualified in bound:
        if name == "*":
            if qualified == f"{home}.*":
                yield leaf
        elif wanted == qualified or wanted.startswith(qualified + "."):
            yield name + wanted.removeprefix(qualified)


def _shortest(ways: Iterable[str]) -> str | None:
    return min(ways, key=lambda each: (each.count("."), each), default=None)


def _first_free(taken: set[str], *choices: tuple[str, str, str]) -> tuple[str, str]:
    """The first import whose name means nothing else in the file, and the name written with it."""
    for name, statement, written in choices:
        if name not in taken:
            return statement, written
    return choices[-1][1:]


def _taken(tree: ast.Module) -> set[str]:
    """Every name that something in the file is bound to or read by."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, Import):
            names.update(name for name, _ in imported(node))
    return names


def literal(site: str, text: str) -> str:
    """A site's name as a string in the quotation marks that the file puts around names."""
    marks = re.findall(r"[(\[{,]\s*(['\"])\w", text)
    single = marks.count("'") > len(marks) / 2
    written = repr(site)
    if not single and '"' not in site and written[0] == "'":
        return f'"{written[1:-1]}"'
    return written
