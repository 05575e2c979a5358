"""What a page is made of: tables and what folds."""

from __future__ import annotations

from collections.abc import Sequence

from numpyro_lint.cli.models import filled
from numpyro_lint.pictures.markup import tag, text


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    class_: str | None = None,
    numbers: int = 0,
) -> str:
    """A table without its empty columns, whose cells are HTML; the last `numbers` are numbers."""
    if not rows:
        return ""
    ends = headings[len(headings) - numbers :]
    head, *body = filled(rows, headings)
    kinds = ["number" if heading in ends else None for heading in head]
    lines = [
        tag("tr", *(tag("td", cell, class_=kind) for cell, kind in zip(row, kinds, strict=True)))
        for row in body
    ]
    top = [
        tag("th", text(cell), scope="col", class_=kind)
        for cell, kind in zip(head, kinds, strict=True)
    ]
    whole = tag("table", tag("thead", tag("tr", *top)), tag("tbody", *lines), class_=class_)
    return tag("div", whole, class_="wide", tabindex="0")


def texts(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows of text as rows of HTML."""
    return [[text(cell) for cell in row] for row in rows]


def fold(title: str, *inside: str, is_open: bool = False) -> str:
    """What is shown once its title is clicked."""
    return tag("details", tag("summary", text(title)), *inside, open="" if is_open else None)
