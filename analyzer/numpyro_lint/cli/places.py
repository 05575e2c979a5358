"""Where findings stand in the lines of their own files: in a notebook, in those of its JSON."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from numpyro_lint.record import record
from numpyro_lint.text import Location, Source, Span, notebook

# A code point of a JSON string as it is written: one beyond the first 65,536 may take two escapes.
_WRITTEN = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)


def relative(path: str) -> str:
    """A path with "/", from the current folder where it stands below it."""
    here = os.path.join(os.getcwd(), "")
    return os.path.normpath(path).removeprefix(here).replace(os.sep, "/")


@record
class _Notebook:
    """A notebook as it is written: its JSON, and where each code point of its cells begins and
    ends in it."""

    file: Source
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, span: Span) -> Span:
        if span.end > span.start:
            return Span(self.starts[span.start], self.ends[span.end - 1])
        last = len(self.starts)
        place = self.starts[span.start] if span.start < last else self.ends[-1]
        return Span(place, place)


class Files:
    """The files that findings stand in, as they are written; each notebook is read once.

    `given`: the bytes of what is in no file, as standard input, by its name.
    """

    def __init__(self, given: Mapping[str, bytes]) -> None:
        self.given = given
        self._notebooks: dict[str, _Notebook | None] = {}

    def location(self, source: Source, span: Span) -> Location | None:
        """The lines and columns of a span in its own file.

        None in a notebook that is no longer as it was read.
        """
        base, own = source.home(span.start)
        span = Span(span.start - base, span.end - base)
        if not own.cells:
            return own.location(span)
        written = self._notebook(own)
        return None if written is None else written.file.location(written.span(span))

    def spelt(self, source: Source, text: str) -> str:
        """A text as it is to be written into a file: in a notebook, within a JSON string."""
        if not source.cells:
            return text
        import json

        written = self._notebook(source)
        return json.dumps(text, ensure_ascii=not written or written.file.text.isascii())[1:-1]

    def _notebook(self, source: Source) -> _Notebook | None:
        if source.path not in self._notebooks:
            self._notebooks[source.path] = self._read(source)
        return self._notebooks[source.path]

    def _read(self, source: Source) -> _Notebook | None:
        data = self.given.get(source.path)
        try:
            if data is None:
                with open(source.path, "rb") as file:
                    data = file.read()
        except OSError:
            return None
        content = data.decode("utf-8-sig", errors="replace")
        if notebook(source.path, content) != source:
            return None
        return _placed(source, content)


def _placed(source: Source, content: str) -> _Notebook:
    from numpyro_lint.rewrite.notebook import literals

    written: dict[int, list[tuple[int, int]]] = {}
    for index, (start, end) in literals(content):
        found = _WRITTEN.finditer(content, start, end)
        written.setdefault(index, []).extend(match.span() for match in found)
    places: list[tuple[int, int]] = []
    for cell in source.cells:
        places += written.get(cell.index, [])
        # The line end that a cell is given when it has none.
        end = places[-1][1] if places else 0
        places += [(end, end)] * (cell.span.end - len(places))
    starts, ends = zip(*places, strict=True)
    return _Notebook(Source(source.path, content), starts, ends)
