"""Text to `ast`, cell by cell in a notebook; positions stay those of the text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from numpyro_lint.record import record
from numpyro_lint.syntax.trees import statements
from numpyro_lint.text import Cell, Source, Span

_TIMED = r"(\s*)(%time(?:it)?\s+)(\w.*)$"
_MAGIC = r"^[ \t]*(?:%|!|\?|[\w.]+\?{1,2}[ \t]*$)"
_ASSIGNED_MAGIC = r"^[ \t]*[\w, \t]+=[ \t]*(?:%|!)"
_MAGIC_SIGN = r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$"
# What IPython takes for a magic or a command of the shell without a sign before it.
_AUTOMAGIC = (
    r"^(?:cat|cd|conda|cp|env|less|ll|load_ext|ls|mamba|man|matplotlib|mkdir|more|mv|pip|pylab"
    r"|reload_ext|rm|rmdir|run|time|timeit|uv|who|whos)[ \t]+\S"
)
_REFUSED = (SyntaxError, ValueError, RecursionError, MemoryError)
# The C parser takes two thirds more for a statement of a text that no longer fits the processor's
# caches.
_PIECE, _MOST_PIECES = 8_000, 32
_DEFINITION = r"(?<=\n\n)(?:@|def |async def |class )"
_LINE = r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+"
_INDENTED = r"(?:[ \t]*[\r\n])*([ \t]+)(?=\S)"
_CELL_MAGIC = r"^\s*%%(\w+)"
_PYTHON_CELL_MAGICS = {"time", "timeit", "capture", "prun", "memit", "mprun", "snakeviz"}


@record
class Unreadable:
    """Text that is no Python for the running interpreter."""

    span: Span
    message: str


@record
class Tree:
    """The statements of a file and the parts that could not be parsed.

    `text` is what was parsed: the source with the magics of notebooks blanked out.
    """

    body: list[ast.stmt]
    text: str
    unreadable: tuple[Unreadable, ...] = ()


def readable(text: str) -> str:
    """`text` with IPython's lines replaced by `pass`, each line as long as it was."""
    magic = re.match(_CELL_MAGIC, text)
    if magic and magic[1] not in _PYTHON_CELL_MAGICS:
        return re.sub(r"[^\r\n]", " ", text)
    lines = re.findall(_LINE, text)
    goes_on = False
    for number, line in enumerate(lines):
        if goes_on or _is_magic(line):
            lines[number] = re.sub(r"[^\r\n]", " ", line) if goes_on else _blank(line)
            goes_on = line.rstrip("\r\n").endswith("\\")
    return "".join(lines)


def _is_magic(line: str) -> bool:
    if re.match(_MAGIC, line) or re.match(_ASSIGNED_MAGIC, line):
        return True
    return bool(re.match(_AUTOMAGIC, line)) and not _is_statement(line)


def _flush(text: str) -> str:
    """A cell without the indentation of its first line, as IPython runs it.

    Places stay as they are: a form feed is where Python begins to count an indentation.
    """
    first = re.match(_INDENTED, text)
    if first is None:
        return text
    return re.sub(f"^{first[1]}", first[1][:-1] + "\f", text, flags=re.MULTILINE)


def _blank(line: str) -> str:
    """A line of IPython's as Python that does nothing, but for what `%time` runs."""
    body = line.rstrip("\r\n")
    timed = re.match(_TIMED, body)
    if timed is not None and _is_statement(timed[3]):
        return f"{timed[1]}0{' ' * (len(timed[2]) - 2)};{timed[3]}{line[len(body) :]}"
    indent = len(body) - len(body.lstrip())
    filler = "pass" if len(body) - indent >= 4 else "0"
    if len(body) == indent:
        return line
    return body[:indent] + filler + " " * (len(body) - indent - len(filler)) + line[len(body) :]


def _is_statement(text: str) -> bool:
    try:
        _parse(text)
    except _REFUSED:
        return False
    return True


def _parse(text: str) -> list[ast.stmt]:
    """The statements of a text; a long one is parsed in pieces.

    A piece that parses ends where a statement does, for a string or bracket that it left open would
    be an error, and no statement goes on with a definition in the first column.
    """
    if len(text) > 2 * _PIECE and "\r" not in text:
        try:
            return [each for piece in _pieces(text) for each in statements(piece)]
        except _REFUSED:
            pass  # what is wrong, and where, is said of the whole
    return statements(text)


def _pieces(text: str) -> Iterator[str]:
    """A text cut before definitions, each piece after as many empty lines as stand before it."""
    start = lines = 0
    least = max(_PIECE, len(text) // _MOST_PIECES)
    for found in re.finditer(_DEFINITION, text):
        if found.start() - start >= least:
            piece = text[start : found.start()]
            yield "\n" * lines + piece
            start, lines = found.start(), lines + piece.count("\n")
    yield "\n" * lines + text[start:]


def _unreadable(source: Source, first_line: int, error: Exception) -> Unreadable:
    line = (getattr(error, "lineno", None) or 1) + first_line
    line = min(line, len(source.line_starts))
    start = source.line_starts[line - 1]
    length = len(source.line_text(line))
    column = min(max((getattr(error, "offset", None) or 1) - 1, 0), length)
    end = start + length if length > column else start + column
    message = getattr(error, "msg", None) or str(error) or type(error).__name__
    return Unreadable(Span(start + column, max(end, start + column)), message)


def _read_cell(source: Source, cell: Cell) -> tuple[str, Unreadable | None]:
    """What of a cell is Python: as it is, without its magics, or nothing of it."""
    raw = source.slice(cell.span)
    # A line that begins with % may well be Python: only what does not parse is taken for magic.
    for text in (raw, readable(raw), _flush(readable(raw))):
        try:
            _parse(text)
        except _REFUSED as error:
            problem = _unreadable(source, source.line(cell.span.start) - 1, error)
        else:
            return text, None
    return re.sub(r"[^\r\n]", " ", raw), problem


def _parse_notebook(source: Source) -> Tree:
    """The cells one after the other; each that may not be Python is first tried by itself."""
    tried = range(len(source.cells))
    for numbers in ([n for n in tried if _needs_care(source, n)], tried):
        texts = [source.slice(cell.span) for cell in source.cells]
        problems = []
        for number in numbers:
            texts[number], problem = _read_cell(source, source.cells[number])
            problems += [problem] if problem else []
        text = "".join(texts)
        try:
            return Tree(_parse(text), text, tuple(problems))
        except _REFUSED as error:
            refused = _unreadable(source, 0, error)
    return Tree([], source.text, (refused,))


def _needs_care(source: Source, number: int) -> bool:
    """Whether a cell may hold magics, or begins indented, as if it went on with another."""
    text = source.slice(source.cells[number].span)
    return bool(re.match(_INDENTED, text) or re.search(_MAGIC_SIGN, text, re.MULTILINE))


def parse(source: Source) -> Tree:
    """The tree of a file. Never raises: what does not parse is named in `unreadable`."""
    if source.is_notebook:
        return _parse_notebook(source)
    try:
        return Tree(_parse(source.text), source.text)
    except _REFUSED as error:
        return Tree([], source.text, (_unreadable(source, 0, error),))
