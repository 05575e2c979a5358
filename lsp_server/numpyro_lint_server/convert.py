"""Between our places (offsets in code points) and the protocol's (lines and code units)."""

from __future__ import annotations

from lsprotocol import types

from numpyro_lint.text import Source, Span

Encoding = types.PositionEncodingKind | str


def units(text: str, encoding: Encoding) -> int:
    """The length of a text as the client counts it."""
    if text.isascii() or encoding == types.PositionEncodingKind.Utf32:
        return len(text)
    if encoding == types.PositionEncodingKind.Utf8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


def points(line: str, character: int, encoding: Encoding) -> int:
    """How many code points of a line lie before a position; past its end is its end."""
    if line.isascii() or encoding == types.PositionEncodingKind.Utf32:
        return min(character, len(line))
    passed = 0
    for count, each in enumerate(line):
        if passed >= character:
            return count
        passed += units(each, encoding)
    return len(line)


def range_of(source: Source, span: Span, encoding: Encoding) -> types.Range:
    """A span as the client sees it: in a notebook, in the document of its cell."""
    base, source = source.home(span.start)
    span = Span(span.start - base, span.end - base)
    cell = source.cell_at(span.start)
    first = source.line(cell.span.start) if cell else 1
    return types.Range(
        _position(source, span.start, first, encoding), _position(source, span.end, first, encoding)
    )


def _position(source: Source, offset: int, first: int, encoding: Encoding) -> types.Position:
    line = source.line(offset)
    before = source.text[source.line_starts[line - 1] : offset]
    return types.Position(line - first, units(before, encoding))


def offset_of(
    source: Source, position: types.Position, encoding: Encoding, cell: int | None = None
) -> int:
    """The offset of a client's position; `cell` is the one that it counts in."""
    inside = next((each.span for each in source.cells if each.index == cell), None)
    first = source.line(inside.start) if inside else 1
    end = inside.end if inside else len(source.text)
    line = first + position.line
    if line > len(source.line_starts):
        return end
    start = source.line_starts[line - 1]
    return min(start + points(source.line_text(line), position.character, encoding), end)


def span_of(
    source: Source, place: types.Range, encoding: Encoding, cell: int | None = None
) -> Span:
    start = offset_of(source, place.start, encoding, cell)
    return Span(start, max(start, offset_of(source, place.end, encoding, cell)))


def changed(text: str, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> str:
    """A text after one of the client's changes."""
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return change.text
    span = span_of(Source("", text), change.range, encoding)
    return text[: span.start] + change.text + text[span.end :]
