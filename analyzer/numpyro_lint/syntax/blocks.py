"""The statements of a module or a function, and which of them some names rest on."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Mapping, Sequence

from numpyro_lint.record import record
from numpyro_lint.syntax.dependence import Uses, is_main_guard, uses
from numpyro_lint.text import Source, Span

_ENGINES = re.compile(
    r"(MCMC|SVI|Predictive|NestedSampler|SteinVI|initialize_model|log_likelihood|SVGD)$"
)


class Unusable(Exception):
    """A call whose arguments cannot be had; the message says why."""


@record
class Line:
    """A statement of a block with its names. `results`: it runs inference."""

    node: ast.stmt
    span: Span
    uses: Uses
    results: bool = False


class Block:
    """The statements of a module or of a function's body, in order."""

    def __init__(self, source: Source, statements: Sequence[ast.stmt]) -> None:
        self.source = source
        self.lines: list[Line] = []
        engines: set[str] = set()
        for node in _flat(statements):
            span = _span(source, node)
            results = _runs_inference(node, engines)
            self.lines.append(Line(node, span, uses(node), results))

    def needed(self, wanted: Mapping[str, int], late: int) -> tuple[list[Line], frozenset[str]]:
        """The lines that give names their values at given places, and the names not found here.

        `late` is where functions are called: what their bodies need is looked for up to there.
        Raises Unusable when a value is a result of inference.
        """
        kept: dict[int, Line] = {}
        missing: set[str] = set()
        queue = list(wanted.items())
        done: set[tuple[str, int]] = set()
        while queue:
            name, before = queue.pop()
            if (name, before) in done:
                continue
            done.add((name, before))
            found = self._binding(name, before) or self._stars(name, before)
            if not found:
                missing.add(name)
            for line in found:
                if line.results:
                    where = self.source.line(line.span.start)
                    raise Unusable(f"'{name}' depends on a result of inference (line {where})")
                if line.span.start in kept:
                    continue
                kept[line.span.start] = line
                at = line.span.start
                queue += [(need, at) for need in line.uses.needs]
                queue += [(need, max(late, at)) for need in line.uses.needs_later]
        return [kept[start] for start in sorted(kept)], frozenset(missing)

    def _stars(self, name: str, before: int) -> list[Line]:
        """The star imports that may bind a name that nothing else does."""
        if hasattr(builtins, name):
            return []
        return [line for line in self.lines if "*" in line.uses.binds and line.span.start < before]

    def _binding(self, name: str, before: int) -> list[Line]:
        """The lines that make a name what it is before a place: the last binding, then changes."""
        found: list[Line] = []
        for line in self.lines:
            if line.span.start >= before:
                break
            if name in line.uses.binds:
                found = [] if name not in line.uses.needs else found
                found.append(line)
            elif name in line.uses.changes:
                if (found and not _is_import(found[0])) or not isinstance(line.node, ast.Expr):
                    found.append(line)
        return [line for line in found if not (line.results and isinstance(line.node, ast.Expr))]


def _is_import(line: Line) -> bool:
    return isinstance(line.node, (ast.Import, ast.ImportFrom))


def _flat(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in statements:
        if is_main_guard(node):
            assert isinstance(node, ast.If)
            yield from _flat(node.body)
        else:
            yield node


def _runs_inference(node: ast.stmt, engines: set[str]) -> bool:
    """Whether a statement runs an inference algorithm; notes the names of those that it builds."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return False
    built = False
    for child in ast.walk(node):
        if not isinstance(child, ast.Call):
            continue
        text = ast.unparse(child.func)
        if _ENGINES.search(text):
            built = True
        base = child.func
        while isinstance(base, (ast.Attribute, ast.Subscript, ast.Call)):
            base = base.func if isinstance(base, ast.Call) else base.value
        if isinstance(base, ast.Name) and base.id in engines:
            return True
        if text.endswith((").run", ").get_samples")) or (
            _ENGINES.search(text.partition("(")[0]) and "(" in text
        ):
            return True
    if built:
        engines.update(uses(node).binds)
    return False


def _span(source: Source, node: ast.stmt) -> Span:
    line, column = node.lineno, node.col_offset
    for decorator in getattr(node, "decorator_list", [])[:1]:
        line = decorator.lineno
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Span(source.offset(line, column), source.offset(node.end_lineno, node.end_col_offset))
