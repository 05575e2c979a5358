"""How a file writes the names that a rewrite needs, with the imports that it has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from numpyro_lint.record import record
from numpyro_lint.rewrite.place import Import, around, imports_above, statements
from numpyro_lint.syntax.names import imported, local_names
from numpyro_lint.text import Source, Span


@record
class Way:
    """A way to come by a name: `name` is what the statement binds, `written` what is then used."""

    name: str
    statement: str
    written: str


@record
class Names:
    """The names at one place of a text.

    `bound`: what imports have bound there, with qualified names; `taken`: every name of the file.
    """

    bound: tuple[tuple[str, str], ...]
    taken: frozenset[str]

    def ways(self, wanted: str) -> Iterator[str]:
        """The ways to write a qualified name with what is imported."""
        home, _, leaf = wanted.rpartition(".")
        for name, qualified in self.bound:
            if name == "*":
                if qualified == f"{home}.*":
                    yield leaf
            elif wanted == qualified or wanted.startswith(qualified + "."):
                yield name + wanted.removeprefix(qualified)

    def write(self, wanted: str, *choices: Way) -> tuple[str, tuple[str, ...]]:
        """A qualified name as this file would write it, and the imports that this takes.

        The shortest way that the imports allow; else the first of `choices` whose name means
        nothing else in the file, the last one in any case.
        """
        known = min(self.ways(wanted), key=lambda each: (each.count("."), each), default=None)
        if known is not None:
            return known, ()
        free = (way for way in choices if way.name not in self.taken)
        chosen = next(free, choices[-1])
        return chosen.written, (chosen.statement,)


def names_at(source: Source, offset: int) -> Names:
    """The names that the text at `offset` can use."""
    hidden: set[str] = set()
    inner: list[tuple[str, str]] = []
    for node in around(source, Span(offset, offset)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_inside(
            node, source, offset
        ):
            hidden |= local_names(node)
            above = (each for each in node.body if isinstance(each, Import))
            inner += [pair for each in above for pair in imported(each)]
    outer = [pair for each in imports_above(source, offset) for pair in imported(each)]
    bound = [pair for pair in outer if pair[0] not in hidden] + inner
    return Names(tuple(bound), _taken(source))


def _is_inside(node: ast.FunctionDef | ast.AsyncFunctionDef, source: Source, offset: int) -> bool:
    return source.offset(node.lineno, node.col_offset) < offset


@lru_cache(maxsize=4)
def _taken(source: Source) -> frozenset[str]:
    """Every name that something in the file is bound to or read by."""
    names: set[str] = set()
    for statement in statements(source):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                names.add(node.id)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, Import):
                names.update(name for name, _ in imported(node))
    return frozenset(names)


def handler(names: Names, kind: str) -> tuple[str, tuple[str, ...]]:
    """A handler of NumPyro as this file would write it, and the imports that this takes."""
    return names.write(
        f"numpyro.handlers.{kind}",
        Way("handlers", "from numpyro import handlers", f"handlers.{kind}"),
        Way(kind, f"from numpyro.handlers import {kind}", kind),
        Way("numpyro", "import numpyro", f"numpyro.handlers.{kind}"),
    )


def strategy(names: Names, kind: str) -> tuple[str, tuple[str, ...]]:
    """A reparameteriser as this file would write it, and the imports that this takes."""
    home = "numpyro.infer.reparam"
    return names.write(
        f"{home}.{kind}",
        Way(kind, f"from {home} import {kind}", kind),
        Way("numpyro", "import numpyro", f"{home}.{kind}"),
    )


def literal(name: str, text: str) -> str:
    """A name as a string in the quotation marks that the file puts around names."""
    written = repr(name)
    if not _single(text) and '"' not in name and written[0] == "'":
        return f'"{written[1:-1]}"'
    return written


@lru_cache(maxsize=4)
def _single(text: str) -> bool:
    """Whether a file puts names into single quotation marks, mostly."""
    marks = re.findall(r"[(\[{,]\s*(['\"])\w", text)
    return marks.count("'") > len(marks) / 2
