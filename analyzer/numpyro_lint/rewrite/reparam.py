"""Non-centred forms: a model is decorated with `handlers.reparam`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from numpyro_lint.diagnostic import Applicability, Fix
from numpyro_lint.record import record
from numpyro_lint.rewrite.edits import edits_between
from numpyro_lint.rewrite.spelling import Import, literal, spelling
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source

_Definition = ast.FunctionDef | ast.AsyncFunctionDef


@record
class Place:
    """The definition to change, as the nth of the file, and the top-level imports above it."""

    nth: int
    indent: int
    imports: tuple[Import, ...]


def reparam_fix(source: Source, definition: int, config: Mapping[str, str]) -> Fix | None:
    """Wraps a model in `handlers.reparam`: sites and their reparameterisers, as written in Python.

    `definition` is the offset of the model's `def`; `config` maps site names to expressions of one
    class, such as `LocScaleReparam(0)`. None where that cannot be done: the text does not parse,
    the model is a method or a lambda, or its decorator names the sites already.
    """
    text = parse(source).text if source.is_notebook else source.text
    tree = _parsed(text)
    place = None if tree is None else _place(source, tree, definition)
    strategies = {expression.partition("(")[0] for expression in config.values()}
    if tree is None or place is None or len(strategies) != 1:
        return None
    strategy = strategies.pop()
    names = spelling(tree, place.imports, strategy)
    entries = {
        literal(site, text): names.strategy + expression.removeprefix(strategy)
        for site, expression in config.items()
    }
    from numpyro_lint.rewrite.decorate import decorated

    new = decorated(text, place, entries, names, _line_of_imports(tree, place))
    if new is None or new == text or _parsed(new) is None:
        return None
    sites = " and ".join(f"'{site}'" for site in config)
    title = f"Reparameterise {sites} (non-centred)"
    return Fix(title, edits_between(text, new), Applicability.UNSAFE)


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _place(source: Source, tree: ast.Module, definition: int) -> Place | None:
    for nth, (node, is_method) in enumerate(_definitions(tree.body, False)):
        if source.offset(node.lineno, node.col_offset) == definition:
            # A handler around a method is an object in its place, and no longer bound to `self`.
            above = tuple(
                each for each in tree.body if isinstance(each, Import) and each.lineno < node.lineno
            )
            return None if is_method else Place(nth, node.col_offset, above)
    return None


def _definitions(body: Sequence[ast.stmt], in_class: bool) -> Iterator[tuple[_Definition, bool]]:
    """Every `def` in order of place, each with whether it is a method."""
    for node in body:
        inside = in_class or isinstance(node, ast.ClassDef)
        if isinstance(node, _Definition):
            yield node, in_class
            inside = False
        yield from _definitions(list(_inner(node)), inside)


def _inner(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from _inner(child)


def _line_of_imports(tree: ast.Module, place: Place) -> int:
    """After how many lines of statements new imports stand: the last import, else a docstring.

    Statements that share a line are one here, as they are for libcst.
    """
    count, found, end = 0, 0, 0
    last = place.imports[-1].lineno if place.imports else 0
    for statement in tree.body:
        if statement.lineno > end:
            count += 1
        end = max(end, statement.end_lineno or statement.lineno)
        is_docstring = count == 1 and not last and _is_text(statement)
        if is_docstring or (isinstance(statement, Import) and statement.lineno <= last):
            found = count
    return found


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
