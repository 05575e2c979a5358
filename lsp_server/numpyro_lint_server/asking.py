"""A place in an open document, for the requests that ask about one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from lsprotocol import types

from numpyro_lint.check import Report
from numpyro_lint.text import Span
from numpyro_lint_server.convert import range_of, span_of
from numpyro_lint_server.documents import Document
from numpyro_lint_server.server import Server


@dataclass(frozen=True, slots=True)
class Asked:
    """A document as it was read, and the place that the client asks about."""

    server: Server
    document: Document
    report: Report
    span: Span

    @property
    def offset(self) -> int:
        return self.span.start

    def range(self, span: Span) -> types.Range:
        return range_of(self.report.source, span, self.server.publisher.encoding)

    def location(self, span: Span) -> types.Location:
        return types.Location(self.document.uri_of(span, self.report.source), self.range(span))


async def asked(
    ls: Server,
    identifier: types.TextDocumentIdentifier,
    place: types.Position | types.Range | None = None,
) -> Asked | None:
    """What a request is about; None where the document is not open, or its text has moved on."""
    document = ls.document_of(identifier.uri)
    if document is None:
        return None
    # The place is one of the text as it is now.
    source = document.source
    reading = await ls.read(document)
    if not (reading.source is source is document.source):
        return None
    span = Span(0, 0)
    if place is not None:
        cell = document.cell_of(identifier.uri)
        asked_for = types.Range(place, place) if isinstance(place, types.Position) else place
        span = span_of(reading.source, asked_for, ls.publisher.encoding, cell)
    return Asked(ls, document, await asyncio.to_thread(reading.legible), span)
