"""What a page is made of: tables, names with what they stand for, code and what folds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from numpyro_lint.cli.models import filled
from numpyro_lint.pictures.markup import tag, text


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    label: str,
    class_: str | None = None,
    numbers: int = 0,
) -> str:
    """A table without its empty columns, whose cells are HTML; the last `numbers` are numbers.

    `label` says what it is a table of.
    """
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
        tag("th", text(cell), scope="col", class_=kind) if cell else tag("td")
        for cell, kind in zip(head, kinds, strict=True)
    ]
    whole = tag("table", tag("thead", tag("tr", *top)), tag("tbody", *lines), class_=class_)
    return tag("div", whole, class_="wide", tabindex="0", role="group", aria_label=label)


def texts(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows of text as rows of HTML."""
    return [[text(cell) for cell in row] for row in rows]


def pairs(told: Iterable[tuple[str, str]]) -> str:
    """Names, each with what is said of it."""
    return tag("dl", *(tag("dt", text(name)) + tag("dd", text(words)) for name, words in told))


def code(*inside: str, class_: str | None = None) -> str:
    """Lines of HTML as they stand, which one can scroll with the keyboard."""
    return tag("pre", *inside, class_=class_, tabindex="0")


def fold(title: str, *inside: str, is_open: bool = False) -> str:
    """What is shown once its title, which is HTML, is clicked."""
    return tag("details", tag("summary", title), *inside, open="" if is_open else None)
