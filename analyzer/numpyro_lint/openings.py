"""What is run of a block before a place in it: lines, and the loops and contexts around."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from numpyro_lint.record import record
from numpyro_lint.syntax.blocks import Block, Line, Unusable, View, doors_names
from numpyro_lint.syntax.dependence import names_in
from numpyro_lint.text import Span
from numpyro_lint_runtime import protocol


@record
class Opened:
    """What is run of a block: `lines` at its own level, and the `scopes` that are entered there.

    `missing`: the names that come from around it, each with the place where its value counts;
    `absent` those that nothing but inference gives a value, with the reasons.
    """

    lines: tuple[Line, ...]
    scopes: tuple[protocol.Scope, ...]
    missing: Mapping[str, int]
    absent: Mapping[str, str]


def open_block(
    block: Block,
    wanted: Mapping[str, int],
    at: int,
    given: frozenset[str],
    settings: int | None = None,
) -> Opened:
    """What is run of a block to have names at the place `at`, where some are given from outside.

    Settings of the whole program that stand before `settings` are made. Raises Unusable.
    """
    views = block.views(at)
    lines: tuple[Line, ...] = ()
    scopes: tuple[protocol.Scope, ...] = ()
    absent: dict[str, str] = {}
    missing = wanted
    for level in range(len(views) - 1, -1, -1):
        view, outer = views[level], given
        for around in views[:level]:
            outer |= doors_names(around.door) | around.by_name.keys()
        found = view.needed(missing, at, outer)
        absent |= found.absent
        setup = _settings(view, at if settings is None else settings)
        lines = _in_order((*setup, *found.lines, *lines))
        missing = found.missing
        door = views[level - 1].door if level > 0 else None
        bound = doors_names(door)
        if door is not None and (bound & missing.keys() or _is_seed(door)):
            inside = tuple(position(line.node) for line in lines)
            scopes = (protocol.Scope(position(door), inside), *scopes)
            lines = ()
            missing = {name: place for name, place in missing.items() if name not in bound}
            missing |= dict.fromkeys(_header(door), block.place_of(door))
    return Opened(lines, scopes, missing, absent)


def position(node: ast.stmt) -> protocol.Position:
    """Where a statement stands, as the worker has it."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return protocol.Position(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def _settings(view: View, before: int) -> list[Line]:
    """The settings of the whole program before a place, with the imports that they need."""
    found = [line for line in view.settings if line.span.start < before]
    for line in tuple(found):
        try:
            needs = dict.fromkeys(line.uses.needs, line.span.start)
            found += view.needed(needs, 0).lines
        except Unusable:
            continue
    return found


def _in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    by_start: dict[Span, Line] = {line.span: line for line in lines}
    return tuple(by_start[span] for span in sorted(by_start))


def _header(door: ast.stmt) -> frozenset[str]:
    """The names that a loop or context needs to be entered."""
    if isinstance(door, (ast.For, ast.AsyncFor)):
        return names_in(ast.unparse(door.iter))
    assert isinstance(door, (ast.With, ast.AsyncWith))
    return frozenset().union(*(names_in(ast.unparse(each.context_expr)) for each in door.items))


def _is_seed(door: ast.stmt) -> bool:
    """A context that gives keys to what is drawn in it."""
    items = door.items if isinstance(door, (ast.With, ast.AsyncWith)) else []
    return any(".seed(" in f".{ast.unparse(item.context_expr)}" for item in items)
