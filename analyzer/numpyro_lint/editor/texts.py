"""Texts that differ from what is open in one place."""

from __future__ import annotations

from numpyro_lint.text import Cell, Source, Span


def changed(source: Source, text: str, offset: int) -> Source:
    """A source with another text from an offset on, its cells where they then are."""
    longer = len(text) - len(source.text)

    def moved(span: Span) -> Span:
        start = span.start + (longer if span.start > offset else 0)
        return Span(start, span.end + (longer if span.end > offset else 0))

    cells = tuple(Cell(each.index, moved(each.span)) for each in source.cells)
    return Source(source.path, text, source.version, cells)
