"""What pytest gives to the parameters of a test."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from numpyro_lint.syntax.evidence import name_of


def parametrized(
    decorators: Sequence[ast.expr], *, unwritten: bool = False
) -> Iterator[tuple[str, str]]:
    """The parameters of each `pytest.mark.parametrize(...)`, with the first of their values.

    `unwritten`: also where the values stand elsewhere. What takes the first of these may come to a
    `pytest.param`.
    """
    for decorator in decorators:
        if isinstance(decorator, ast.Call) and name_of(decorator.func) == "parametrize":
            given = dict(zip(("argnames", "argvalues"), decorator.args, strict=False))
            given |= {each.arg: each.value for each in decorator.keywords if each.arg}
            names, rows = _names(given.get("argnames")), given.get("argvalues")
            if rows is not None:
                yield from _first(names, rows, unwritten)


def _names(header: ast.expr | None) -> list[str]:
    if isinstance(header, ast.Constant) and isinstance(header.value, str):
        return [name.strip() for name in header.value.split(",") if name.strip()]
    cells = header.elts if isinstance(header, (ast.List, ast.Tuple)) else []
    return [str(cell.value) for cell in cells if isinstance(cell, ast.Constant)]


def _first(names: Sequence[str], rows: ast.expr, unwritten: bool) -> Iterator[tuple[str, str]]:
    first = rows.elts[0] if isinstance(rows, (ast.List, ast.Tuple)) and rows.elts else None
    cells = _cells(first, len(names))
    if len(cells) == len(names) and not any(isinstance(cell, ast.Starred) for cell in cells):
        yield from zip(names, map(ast.unparse, cells), strict=True)
    elif unwritten:
        row = f"list({ast.unparse(rows)})[0]"
        for place, name in enumerate(names):
            yield name, row if len(names) == 1 else f"{row}[{place}]"


def _cells(row: ast.expr | None, count: int) -> Sequence[ast.expr]:
    if isinstance(row, ast.Call) and name_of(row.func) == "param":
        return row.args
    if count > 1:
        return row.elts if isinstance(row, (ast.List, ast.Tuple)) else ()
    return () if row is None else (row,)
