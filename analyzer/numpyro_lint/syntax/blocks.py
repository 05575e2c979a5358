"""The statements of a module or a function, and which of them some names rest on."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence

from numpyro_lint.record import record
from numpyro_lint.syntax.dependence import Uses, is_main_guard, is_setting, uses
from numpyro_lint.syntax.inference import Inference
from numpyro_lint.text import Source, Span, where_of

Door = ast.For | ast.AsyncFor | ast.With | ast.AsyncWith
_DOORS = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)
_COMPOUND = (*_DOORS, ast.If, ast.While, ast.Try, ast.Match)


class Unusable(Exception):
    """A call whose arguments cannot be had; the message says why."""


@record
class Line:
    """A statement of a block with its names.

    `spoilt`: the names that it gives results of inference; None where it runs none.
    """

    node: ast.stmt
    span: Span
    uses: Uses
    spoilt: frozenset[str] | None = None


@record
class Needed:
    """What some names rest on: lines in order, and the names that are not found among them.

    `missing`: each with the place where its value counts; `absent`: those that only results of
    inference give, which nothing may come to need, with the reasons.
    """

    lines: tuple[Line, ...]
    missing: Mapping[str, int]
    absent: Mapping[str, str]


@record
class View:
    """Lines in order, found by the names that they bind or change.

    `settings` are those of the whole program; `door` is the loop or context around the next view.
    """

    source: Source
    by_name: Mapping[str, list[Line]]
    settings: tuple[Line, ...]
    door: Door | None = None

    @property
    def definitions(self) -> list[str]:
        """The names of functions and classes."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        lines = (line for lines in self.by_name.values() for line in lines)
        return [line.node.name for line in lines if isinstance(line.node, kinds)]

    def needed(
        self, wanted: Mapping[str, int], late: int, given: frozenset[str] = frozenset()
    ) -> Needed:
        """The lines that give names their values at given places.

        `late` is where functions are called: what their bodies need is looked for up to there.
        `given` are names that have a value before the first line.
        Raises Unusable when a value is a result of inference.
        """
        kept: dict[int, Line] = {}
        missing: dict[str, int] = {}
        absent: dict[str, str] = {}
        queue = [(name, before, True) for name, before in wanted.items()]
        done: set[tuple[str, int, bool]] = set()
        while queue:
            name, before, sure = queue.pop()
            if (name, before, sure) in done:
                continue
            done.add((name, before, sure))
            if name == "globals":
                queue += [(each, before, False) for each in self.definitions]
            found, whole = self._binding(name, before, name in given)
            found = found or self._stars(name, before)
            if not found or not whole:
                missing[name] = max(before, missing.get(name, before))
            for line in found:
                if line.spoilt is not None:
                    absent[name] = self._result(name, line)
                    if sure:
                        raise Unusable(absent[name])
                    continue
                kept.setdefault(line.span.start, line)
                at = line.span.start
                queue += [(need, at, sure) for need in line.uses.needs]
                queue += [(need, max(late, at), False) for need in line.uses.needs_later]
        return Needed(tuple(kept[start] for start in sorted(kept)), missing, absent)

    def _result(self, name: str, line: Line) -> str:
        where = where_of(self.source.location(line.span))
        return f"'{name}' depends on a result of inference, which is not run ({where})"

    def _stars(self, name: str, before: int) -> list[Line]:
        """The star imports that may bind a name that nothing else does."""
        if hasattr(builtins, name):
            return []
        return [line for line in self.by_name.get("*", ()) if line.span.start < before]

    def _binding(self, name: str, before: int, given: bool) -> tuple[list[Line], bool]:
        """The lines that make a name what it is before a place: the last binding, then changes.

        Also, whether the name needs no value from elsewhere.
        """
        found: list[Line] = []
        for line in self.by_name.get(name, ()):
            if line.span.start >= before:
                break
            if line.spoilt is not None and name not in line.spoilt:
                # Beside running inference it changes what there is already, if at all.
                continue
            if name in line.uses.binds:
                if name not in line.uses.needs:
                    found, given = [], False
                found.append(line)
            elif (
                given or (found and not _is_import(found[0])) or not isinstance(line.node, ast.Expr)
            ):
                found.append(line)
        return found, not given


class Block:
    """The statements of a module or of a function's body, in order."""

    def __init__(
        self, source: Source, statements: Sequence[ast.stmt], inference: Inference
    ) -> None:
        self.source, self.inference = source, inference
        self.statements = list(_flat(statements))
        self._compound = [node for node in self.statements if isinstance(node, _COMPOUND)]
        self._lines: dict[int, Line] = {}
        self._views: dict[tuple[int, ...], list[View]] = {}

    @property
    def lines(self) -> list[Line]:
        """The statements as a whole."""
        return [self._line(node) for node in self.statements]

    def views(self, place: int) -> list[View]:
        """The lines around a place, from outside to inside: statements that hold it are opened.

        Of a branch, the arm that holds the place is taken; loops and contexts are doors between
        one view and the next.
        """
        path: list[tuple[ast.stmt, list[ast.stmt]]] = []
        inside: Sequence[ast.stmt] = self._compound
        while (step := self._step(inside, place)) is not None:
            path.append(step)
            inside = step[1]
        key = tuple(id(node) for node, _ in path)
        if key not in self._views:
            self._views[key] = list(self._opened(path))
        return self._views[key]

    def _step(
        self, statements: Sequence[ast.stmt], place: int
    ) -> tuple[ast.stmt, list[ast.stmt]] | None:
        for node in statements:
            if isinstance(node, _COMPOUND) and self._holds(node, place):
                for arm in _arms(node):
                    if arm and self._line(arm[0]).span.start <= place:
                        if place < self._line(arm[-1]).span.end:
                            return node, arm
        return None

    def _holds(self, node: ast.stmt, place: int) -> bool:
        span = self._line(node).span
        return span.start <= place < span.end

    def _opened(self, path: Sequence[tuple[ast.stmt, list[ast.stmt]]]) -> Iterator[View]:
        lines: list[Line] = []
        statements = self.statements
        for node, arm in path:
            lines += [self._line(each) for each in statements if each is not node]
            if isinstance(node, _DOORS):
                yield _view(self.source, lines, node)
                lines = []
            statements = arm
        lines += [self._line(each) for each in statements]
        yield _view(self.source, lines, None)

    def place_of(self, node: ast.stmt) -> int:
        """Where a statement begins."""
        return self._line(node).span.start

    def _line(self, node: ast.stmt) -> Line:
        line = self._lines.get(id(node))
        if line is None:
            span = _span(self.source, node)
            line = Line(node, span, uses(node), self.inference.results(node, span))
            self._lines[id(node)] = line
        return line


def _view(source: Source, lines: Sequence[Line], door: Door | None) -> View:
    ordered = sorted(lines, key=lambda line: line.span.start)
    by_name: dict[str, list[Line]] = {}
    for line in ordered:
        for name in line.uses.binds | line.uses.changes:
            by_name.setdefault(name, []).append(line)
    settings = tuple(line for line in ordered if is_setting(line.node))
    return View(source, by_name, settings, door)


def doors_names(door: Door | None) -> frozenset[str]:
    """The names that a loop or context gives values to."""
    targets: list[ast.expr | None] = []
    if isinstance(door, (ast.For, ast.AsyncFor)):
        targets = [door.target]
    elif door is not None:
        targets = [item.optional_vars for item in door.items]
    nodes = (node for target in targets if target is not None for node in ast.walk(target))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name))


def _is_import(line: Line) -> bool:
    return isinstance(line.node, (ast.Import, ast.ImportFrom))


def _flat(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in statements:
        if is_main_guard(node):
            assert isinstance(node, ast.If)
            yield from _flat(node.body)
        else:
            yield node


def _arms(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(node, name, [])
    for holder in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield holder.body


def _span(source: Source, node: ast.stmt) -> Span:
    line, column = node.lineno, node.col_offset
    for decorator in getattr(node, "decorator_list", [])[:1]:
        line = decorator.lineno
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Span(source.offset(line, column), source.offset(node.end_lineno, node.end_col_offset))
