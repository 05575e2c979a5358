"""Where a rewrite stands: the tree of a text, and what is around a place in it."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from numpyro_lint.diagnostic import Edit
from numpyro_lint.rewrite.edits import newline_of
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source, Span

Import = ast.Import | ast.ImportFrom
Definition = ast.FunctionDef | ast.AsyncFunctionDef
Node = TypeVar("Node", bound=ast.AST)


@lru_cache(maxsize=4)
def statements(source: Source) -> tuple[ast.stmt, ...]:
    """The statements of a text; none of what does not parse."""
    return tuple(parse(source).body)


def span_of(source: Source, node: ast.AST) -> Span:
    """The place of a node, without its decorators."""
    return Span(
        source.offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
        source.offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
    )


def around(source: Source, span: Span) -> list[ast.AST]:
    """The nodes whose text contains a place, outermost first; nodes without a place left out."""
    found: list[ast.AST] = []
    body = statements(source)
    first = bisect_left(body, source.line(span.end), key=lambda each: each.end_lineno or 0)
    inner: Iterator[ast.AST] | None = iter(body[first:])
    while inner is not None:
        inner = _step(source, span, inner, found)
    return found


def _step(
    source: Source, span: Span, nodes: Iterator[ast.AST], found: list[ast.AST]
) -> Iterator[ast.AST] | None:
    """Adds the node that contains the place, and gives its children."""
    for node in nodes:
        if not hasattr(node, "lineno"):
            below = _step(source, span, ast.iter_child_nodes(node), found)
            if below is not None:
                return below
            continue
        whole = span_of(source, node)
        decorators = getattr(node, "decorator_list", ())
        start = span_of(source, decorators[0]).start if decorators else whole.start
        if start <= span.start and span.end <= whole.end:
            found.append(node)
            # Within an f-string quotation marks are not free to choose, and places may be wrong.
            return None if isinstance(node, ast.JoinedStr) else ast.iter_child_nodes(node)
    return None


def node_at(source: Source, span: Span, kind: type[Node]) -> Node | None:
    """The node of a kind that stands at exactly this place."""
    for node in reversed(around(source, span)):
        if isinstance(node, kind) and span_of(source, node) == span:
            return node
    return None


def imports_above(source: Source, offset: int) -> list[Import]:
    """The imports at the top level that stand above the statement at `offset`."""
    line = source.line(offset)
    above: list[Import] = []
    for statement in statements(source):
        if statement.lineno >= line or (statement.end_lineno or 0) >= line:
            break
        if isinstance(statement, Import):
            above.append(statement)
    return above


def import_edit(source: Source, offset: int, imports: Sequence[str]) -> Edit | None:
    """Puts imports below those that stand above `offset`, else below the docstring."""
    new = newline_of(source.text)
    lines = list(dict.fromkeys(imports))
    above = imports_above(source, offset)
    body = statements(source)
    anchor = above[-1] if above else body[0] if body and _is_text(body[0]) else None
    if anchor is not None:
        end = _end_of_line(source, body, anchor)
        return Edit(Span(end, end), "".join(new + text for text in lines))
    first = next((each for each in body if not isinstance(each, ast.Pass)), None)
    if first is None:
        return None
    start = source.line_starts[_first_line(first) - 1]
    return Edit(Span(start, start), "".join(text + new for text in lines))


def _first_line(statement: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _end_of_line(source: Source, body: Sequence[ast.stmt], anchor: ast.stmt) -> int:
    """The end of the last line of a statement, and of those that begin on it."""
    line = anchor.end_lineno or anchor.lineno
    for statement in body:
        if statement.lineno == line:
            line = max(line, statement.end_lineno or line)
    return source.line_starts[line - 1] + len(source.line_text(line))


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def indent_of(source: Source, offset: int) -> str | None:
    """What stands before `offset` on its line, where that is white space alone."""
    before = source.text[source.line_starts[source.line(offset) - 1] : offset]
    return before if not before.strip() else None


def whole_lines(source: Source, expression: Span) -> Span | None:
    """The lines of a statement that is nothing but this expression, where others stand beside it.

    None where lines are shared, by a remark too.
    """
    nodes = around(source, expression)
    for outer, node in zip([None, *nodes], nodes, strict=False):
        if isinstance(node, ast.Expr) and span_of(source, node.value) == expression:
            bodies = [value for _, value in ast.iter_fields(outer)] if outer is not None else []
            own = [each for each in bodies if isinstance(each, list) and node in each]
            last = source.line(expression.end)
            end = source.line_starts[last] if last < len(source.line_starts) else len(source.text)
            rest = source.text[expression.end : end].strip()
            if len(own) == 1 and len(own[0]) > 1 and not rest:
                if indent_of(source, expression.start) is not None:
                    return Span(source.line_starts[source.line(expression.start) - 1], end)
    return None
