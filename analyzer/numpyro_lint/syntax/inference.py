"""Which statements run inference, and which names hold its results after them."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from numpyro_lint.syntax.dependence import uses
from numpyro_lint.text import Span

_ENGINES = frozenset({"MCMC", "SVI", "NestedSampler", "SteinVI", "SVGD", "ASVGD"})
_RUN = frozenset({"initialize_model"})
_Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Compound = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


class Inference:
    """What runs inference in a file: `places` where it is known to be, and calls of engines.

    Engines are known by the names that they are given anywhere in the file.
    """

    def __init__(self, statements: Sequence[ast.stmt], places: Iterable[int] = ()) -> None:
        self.places = sorted(places)
        nodes = [node for statement in statements for node in ast.walk(statement)]
        self.engines = {name: kind for node in nodes for name, kind in _engines(node)}

    def calls(self, node: ast.AST) -> Iterator[ast.Call]:
        """The calls below a node that make an engine do something."""
        for child in ast.walk(node):
            if isinstance(child, ast.Call) and self._runs(child):
                yield child

    def _runs(self, call: ast.Call) -> bool:
        function = call.func
        if not isinstance(function, ast.Attribute):
            return dotted(function).rpartition(".")[2] in _RUN
        owner = function.value
        if isinstance(owner, ast.Call):
            return _is_engine(owner)
        return function.attr in _RUN or dotted(owner) in self.engines

    def results(self, node: ast.stmt, span: Span) -> frozenset[str] | None:
        """The names that get results of inference in a statement; None where it runs none."""
        if isinstance(node, _Function) or not self._within(node, span):
            return None
        if not isinstance(node, _Compound):
            told = uses(node)
            return told.binds | told.changes if not isinstance(node, ast.Expr) else frozenset()
        return self._spoilt(node)

    def _within(self, node: ast.stmt, span: Span) -> bool:
        first = bisect_left(self.places, span.start)
        known = first < len(self.places) and self.places[first] < span.end
        return known or next(self.calls(node), None) is not None

    def _spoilt(self, node: ast.stmt) -> frozenset[str]:
        """The names that get results inside a compound statement, at any remove."""
        simple = [uses(each) for each in _simple(node)]
        spoilt = {
            name
            for told, each in zip(simple, _simple(node), strict=True)
            if next(self.calls(each), None) is not None and not isinstance(each, ast.Expr)
            for name in told.binds | told.changes
        }
        while True:
            more = {
                name for told in simple if told.needs & spoilt for name in told.binds | told.changes
            }
            if more <= spoilt:
                return frozenset(spoilt)
            spoilt |= more


def _simple(node: ast.stmt) -> Iterator[ast.stmt]:
    for child in ast.walk(node):
        if isinstance(child, ast.stmt) and not isinstance(child, (*_Compound, *_Function)):
            yield child


def _engines(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that an assignment gives to engines, each with the engine's class."""
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return
    if isinstance(node.value, ast.Call) and _is_engine(node.value):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        kind = dotted(node.value.func).rpartition(".")[2]
        yield from ((name, kind) for name in map(dotted, targets) if name)


def _is_engine(call: ast.Call) -> bool:
    return dotted(call.func).rpartition(".")[2] in _ENGINES


def dotted(node: ast.AST) -> str:
    """A name with attributes as it is written; empty for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])
