"""A finding as people read it: what, where, and the source with a caret under it."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.cli.colour import Colour
from numpyro_lint.diagnostic import Diagnostic, Related, Severity, fix_of
from numpyro_lint.text import Location, Source, Span, where_of

_LONGEST = 400


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def finding(each: Diagnostic, source: Source, colour: Colour) -> Iterator[str]:
    """One finding: what, where, and the source with a caret under it."""
    head = colour.severity(f"{each.severity.label}[{each.rule}]", each.severity)
    yield f"  {head} {each.message}"
    yield from _excerpt(source, each.span, each.severity, colour)
    for related in each.related:
        yield from _note(source, related, colour)
    fix = fix_of(each)
    if fix is not None:
        yield colour.paint(f"     fix ({fix.applicability.value}): {fix.title}", "dim")


def _excerpt(source: Source, span: Span, severity: Severity, colour: Colour) -> Iterator[str]:
    where = source.location(span)
    number = source.line(span.start)
    text = source.line_text(number)
    single = where.end_line == where.line
    length = (where.end_column if single else len(text) + 1) - where.column
    column = where.column - 1
    if len(text) > _LONGEST:
        # As of a notebook whose JSON is one line: what is marked, and a little around it.
        first = max(0, column - _LONGEST // 4)
        text, column = text[first : first + _LONGEST], column - first
    before = text[:column]
    pad = "".join("\t" if c == "\t" else " " * width(c) for c in before)
    marked = text[column : column + length]
    gutter = str(where.line)
    blank = " " * len(gutter)
    place = f"{source.path}:{_position(where)}"
    yield colour.paint(f"   {blank}--> {place}", "dim")
    yield f"   {colour.paint(gutter + ' |', 'dim')} {text}"
    carets = "^" * max(width(marked), 1)
    yield f"   {colour.paint(blank + ' |', 'dim')} {pad}{colour.severity(carets, severity)}"


def _position(where: Location) -> str:
    cell = "" if where.cell is None else f"cell {where.cell}:"
    return f"{cell}{where.line}:{where.column}"


def _note(source: Source, related: Related, colour: Colour) -> Iterator[str]:
    where = source.location(related.span)
    other = source.home(related.span.start).source
    file = "" if other.path == source.path else f"{other.path}:"
    yield colour.paint(f"     note: {file}{where_of(where)}: {related.message}", "dim")
