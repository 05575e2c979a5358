"""A finding as people read it: what, where, and the source with a caret under it."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.cli.colour import Colour
from numpyro_lint.diagnostic import Diagnostic, Related, Severity, fix_of
from numpyro_lint.record import record
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
        yield colour.paint(f"     note: {note(source, related)}", "dim")
    fix = fix_of(each)
    if fix is not None:
        yield colour.paint(f"     fix ({fix.applicability.value}): {fix.title}", "dim")


@record
class Excerpt:
    """The line that a span begins in: what of it comes before the span, stands in it, and after."""

    place: str
    line: str
    before: str
    marked: str
    after: str


def excerpt(source: Source, span: Span) -> Excerpt:
    """What to show of a source for a span in it."""
    where = source.location(span)
    text = source.line_text(source.line(span.start))
    single = where.end_line == where.line
    length = (where.end_column if single else len(text) + 1) - where.column
    column = where.column - 1
    if len(text) > _LONGEST:
        # As of a notebook whose JSON is one line: what is marked, and a little around it.
        first = max(0, column - _LONGEST // 4)
        text, column = text[first : first + _LONGEST], column - first
    place = f"{source.path}:{_position(where)}"
    before, marked, after = text[:column], text[column : column + length], text[column + length :]
    return Excerpt(place, str(where.line), before, marked, after)


def _excerpt(source: Source, span: Span, severity: Severity, colour: Colour) -> Iterator[str]:
    shown = excerpt(source, span)
    pad = "".join("\t" if c == "\t" else " " * width(c) for c in shown.before)
    blank = " " * len(shown.line)
    yield colour.paint(f"   {blank}--> {shown.place}", "dim")
    text = shown.before + shown.marked + shown.after
    yield f"   {colour.paint(shown.line + ' |', 'dim')} {text}"
    carets = "^" * max(width(shown.marked), 1)
    yield f"   {colour.paint(blank + ' |', 'dim')} {pad}{colour.severity(carets, severity)}"


def _position(where: Location) -> str:
    cell = "" if where.cell is None else f"cell {where.cell}:"
    return f"{cell}{where.line}:{where.column}"


def note(source: Source, related: Related) -> str:
    """Another place that a finding speaks of, and what it says of it."""
    where = source.location(related.span)
    other = source.home(related.span.start).source
    file = "" if other.path == source.path else f"{other.path}:"
    return f"{file}{where_of(where)}: {related.message}"
