"""The files around the open documents, as the editor has them or else as they are on disk."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pygls import uris

from numpyro_lint import text
from numpyro_lint.context import Context
from numpyro_lint.editor.outline import Symbol, symbols
from numpyro_lint.importers import files_of, importers
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source, Span, concerns_us

if TYPE_CHECKING:
    from numpyro_lint_server.documents import Document
    from numpyro_lint_server.server import Server

_MOST_SYMBOLS = 1000


class Around:
    """Finds and reads them. To be used in any thread."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._symbols: dict[str, tuple[object, tuple[Source, tuple[Symbol, ...]] | None]] = {}

    def document(self, path: str) -> Document | None:
        """The open document of a file."""
        documents = list(self._server.documents.values())
        return next((d for d in documents if os.path.abspath(d.source.path) == path), None)

    def is_closed_notebook(self, source: Source) -> bool:
        """Whether its cells are no documents of the editor's."""
        return source.is_notebook and self.document(os.path.abspath(source.path)) is None

    def unsaved(self, path: str) -> str | None:
        """The text of a file that is open."""
        document = self.document(path)
        return document.source.text if document is not None else None

    def source(self, path: str, holding: str = text.OURS) -> Source | None:
        """A file that holds a word; None where it does not, or cannot be read."""
        document = self.document(path)
        try:
            source = document.source if document else text.load(path, holding.encode())
        except (OSError, ValueError):
            return None
        return source if holding in source.text else None

    def uri_of(self, source: Source, span: Span) -> str:
        """The address of what a span of a file stands in."""
        document = self.document(os.path.abspath(source.path))
        if document is not None:
            return document.uri_of(span, source)
        return uris.from_fs_path(os.path.abspath(source.path)) or source.path

    def look(self, path: str, word: str) -> Context | None:
        """A file of ours that holds a word, read; None where it does not."""
        document = self.document(path)
        reading = document.reading if document is not None else None
        if document and reading and reading.source is document.source:
            return reading.report.context
        source = self.source(path, word)
        if source is None or not concerns_us(source.text):
            return None
        return Context(lift(source, project=self._server.project))

    def symbols(self, query: str, folders: Iterable[str]) -> list[tuple[Source, Symbol]]:
        """The symbols of all files below some folders with the letters of a query, in order."""
        letters = re.compile(".*".join(map(re.escape, query)), re.IGNORECASE)
        found: list[tuple[Source, Symbol]] = []
        for path in dict.fromkeys(path for each in folders for path in files_of(each)):
            known = self._symbols_of(path)
            if known is not None:
                found += [(known[0], each) for each in known[1] if letters.search(each.name)]
            if len(found) >= _MOST_SYMBOLS:
                break
        return found[:_MOST_SYMBOLS]

    def _symbols_of(self, path: str) -> tuple[Source, tuple[Symbol, ...]] | None:
        """A file of ours with its symbols, read once for each text."""
        document = self.document(path)
        stamp = document.source if document is not None else _stamp(path)
        known = self._symbols.get(path)
        if known is None or known[0] != stamp:
            source = self.source(path)
            known = stamp, None if source is None else (source, symbols(source))
            self._symbols[path] = known
        return known[1]

    def leading(self, path: str) -> Iterator[str]:
        """The files that may lead to the one at a path: those that are open need not be saved."""
        yield from importers().reach(path)
        yield from (os.path.abspath(d.source.path) for d in list(self._server.documents.values()))


def _stamp(path: str) -> object:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
