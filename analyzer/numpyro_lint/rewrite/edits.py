"""From a text to its changed form: edits made."""

from __future__ import annotations

import re
from collections.abc import Sequence

from numpyro_lint.diagnostic import Edit
from numpyro_lint.record import replace
from numpyro_lint.text import Source, Span


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` with edits made; they do not overlap and stand in order."""
    parts, end = [], 0
    for edit in edits:
        parts += [text[end : edit.span.start], edit.text]
        end = edit.span.end
    return "".join([*parts, text[end:]])


def changed(source: Source, edits: Sequence[Edit]) -> Source:
    """A source with edits made, its cells grown with what was put into them."""
    cells = []
    shift = 0
    for cell in source.cells:
        grown = sum(
            len(edit.text) - (edit.span.end - edit.span.start)
            for edit in edits
            if source.cell_at(edit.span.start) == cell
        )
        span = Span(cell.span.start + shift, cell.span.end + shift + grown)
        cells.append(replace(cell, span=span))
        shift += grown
    return replace(source, text=applied(source.text, edits), cells=tuple(cells))


def newline_of(text: str) -> str:
    """The line end that a text uses."""
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"
