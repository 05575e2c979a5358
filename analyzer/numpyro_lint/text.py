"""Source text and places in it: `Span` (code points), `Source` (a .py file or a notebook)."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from numpyro_lint.record import field, record

# Where the texts of other files begin, in the offsets of the file that leads to them.
ELSEWHERE = 1 << 32
# A file without this word holds nothing for us.
OURS = "numpyro"
_LINE_END = re.compile(r"\r\n|\r|\n")


def concerns_us(text: str) -> bool:
    """Whether a file can hold anything for us at all."""
    return OURS in text


class Span(NamedTuple):
    """A half-open range of code points in the text of a `Source`, in order of place.

    A tuple and no record: spans are the keys of most that is known, and are hashed all the time.
    """

    start: int
    end: int


@record
class Location:
    """A `Span` as people read it: lines and columns from 1, columns in code points, end exclusive.

    In a notebook `cell` is the index among all cells from 0 and lines count within the cell.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None


def where_of(where: Location) -> str:
    """The line, in a notebook with its cell, in words."""
    return f"line {where.line}" if where.cell is None else f"cell {where.cell}, line {where.line}"


@record
class Cell:
    """A code cell: its index among all cells of the notebook, and its range in the joined text."""

    index: int
    span: Span


@record
class Damage:
    """Why a notebook cannot be read, and where in its JSON."""

    message: str
    span: Span


class Elsewhere(NamedTuple):
    """Another file of the project: the offset at which it begins, and its text."""

    base: int
    source: Source


@record
class Source:
    """The text of one file. A notebook's text is its code cells, one after the other.

    One that cannot be read has `damage`, no cells, and its JSON as text. `elsewhere` are the files
    that it leads to: spans at or above `ELSEWHERE` stand in them.
    """

    path: str
    text: str
    version: int = 0
    cells: tuple[Cell, ...] = ()
    damage: Damage | None = None
    elsewhere: tuple[Elsewhere, ...] = field(default=(), compare=False)
    line_starts: tuple[int, ...] = field(init=False, compare=False)
    # The lines, from 1, in which a column in bytes is none in code points.
    wide: frozenset[int] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        starts = (0, *(match.end() for match in _LINE_END.finditer(self.text)))
        object.__setattr__(self, "line_starts", starts)
        object.__setattr__(self, "wide", frozenset() if self.text.isascii() else self._wide())

    def _wide(self) -> frozenset[int]:
        ends = (*self.line_starts[1:], len(self.text))
        lines = enumerate(zip(self.line_starts, ends, strict=True), 1)
        return frozenset(n for n, (start, end) in lines if not self.text[start:end].isascii())

    @property
    def is_notebook(self) -> bool:
        return self.path.endswith(".ipynb")

    def home(self, offset: int) -> Elsewhere:
        """The file that holds `offset`."""
        if offset < ELSEWHERE:
            return Elsewhere(0, self)
        return next(each for each in self.elsewhere if each.base == offset - offset % ELSEWHERE)

    def line(self, offset: int) -> int:
        """The line of the text (from 1, of the joined cells in a notebook) that holds `offset`."""
        return bisect_right(self.line_starts, offset)

    def line_text(self, line: int) -> str:
        """The text of a line (from 1), without its line end."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def slice(self, span: Span) -> str:
        if span.start >= ELSEWHERE:
            base, source = self.home(span.start)
            return source.text[span.start - base : span.end - base]
        return self.text[span.start : span.end]

    def cell_at(self, offset: int) -> Cell | None:
        """The cell that holds `offset`; None in a plain file."""
        position = bisect_right(self.cells, offset, key=lambda cell: cell.span.start) - 1
        return self.cells[position] if position >= 0 else None

    def location(self, span: Span) -> Location:
        """Where a span stands, in its own file."""
        if span.start >= ELSEWHERE:
            base, source = self.home(span.start)
            return source.location(Span(span.start - base, span.end - base))
        cell = self.cell_at(span.start)
        first = self.line(cell.span.start) - 1 if cell else 0
        line, end_line = self.line(span.start), self.line(span.end)
        return Location(
            line - first,
            span.start - self.line_starts[line - 1] + 1,
            end_line - first,
            span.end - self.line_starts[end_line - 1] + 1,
            cell.index if cell else None,
        )

    def offset(self, line: int, utf8_column: int) -> int:
        """The offset of a position as `ast` gives it: line from 1, column in UTF-8 bytes from 0."""
        line = min(line, len(self.line_starts))
        start = self.line_starts[line - 1]
        if line not in self.wide:
            return min(start + utf8_column, len(self.text))
        head = self.text[start : start + utf8_column]
        return start + len(head.encode()[:utf8_column].decode(errors="ignore"))

    def utf8_column(self, offset: int) -> int:
        """The column of `offset` in UTF-8 bytes from 0, as `ast` counts it."""
        return len(self.text[self.line_starts[self.line(offset) - 1] : offset].encode())


def notebook(path: str, content: str) -> Source:
    """A notebook's code cells as one text; what is no notebook of format 4 is damaged."""
    try:
        loaded = json.loads(content)
        code = [
            (index, "".join(cell["source"]))
            for index, cell in enumerate(loaded["cells"])
            if cell["cell_type"] == "code"
        ]
    except json.JSONDecodeError as error:
        return Source(path, content, damage=_at(content, f"not JSON: {error.msg}", error.pos))
    except (KeyError, TypeError, ValueError, RecursionError):
        return Source(path, content, damage=_damage(content))
    return joined(path, code)


def joined(path: str, code: Iterable[tuple[int, str]], version: int = 0) -> Source:
    """A notebook's code cells, by their index among all cells, as one text: each ends a line."""
    parts: list[str] = []
    cells: list[Cell] = []
    start = 0
    for index, text in code:
        part = text if text.endswith("\n") else text + "\n"
        cells.append(Cell(index, Span(start, start + len(part))))
        parts.append(part)
        start += len(part)
    return Source(path, "".join(parts), version, tuple(cells))


def _damage(content: str) -> Damage:
    """What is wrong with JSON that is no notebook of format 4."""
    try:
        version = json.loads(content)["nbformat"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return _at(content, "no Jupyter notebook: it has no cells as format 4 has them", 0)
    key = '"nbformat"'
    place = max(content.find(key), 0)
    if isinstance(version, int) and version < 4:
        said = f"a notebook of format {version}, and only format 4 is read"
        advice = "`jupyter nbconvert --to notebook --inplace` renews it"
        return _at(content, f"{said}: {advice}", place, len(key))
    return _at(content, "a notebook whose cells are not as format 4 has them", place, len(key))


def _at(content: str, message: str, start: int, length: int = 1) -> Damage:
    return Damage(message, Span(start, min(start + length, len(content))))


def decode(data: bytes) -> str:
    """Python source bytes as text, by its coding comment or byte order mark.

    Raises ValueError when the bytes are not text in that encoding.
    """
    if data.isascii() and b"coding" not in data[:200]:
        return data.decode("ascii")
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise ValueError(f"not readable as text: {error}") from error


def load(path: str, holding: bytes = b"") -> Source:
    """Reads a .py or .ipynb file. Raises OSError, or ValueError when a .py is not text.

    A file that does not hold the bytes `holding` is not read any further: its text is empty.
    """
    with open(path, "rb") as file:
        data = file.read()
    if holding not in data:
        return Source(path, "")
    if path.endswith(".ipynb"):
        return notebook(path, data.decode("utf-8-sig", errors="replace"))
    return Source(path, decode(data))
