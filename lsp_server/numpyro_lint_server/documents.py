"""The open documents: a text file is one, a notebook with all its cells is one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pygls import uris

from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint.text import ELSEWHERE, Source, Span
from numpyro_lint.verifying import Settled
from numpyro_lint_server.analysis import Inputs, Reading, Traced


@dataclass(slots=True, eq=False)
class Document:
    """A file that is open. `cells` are the addresses of a notebook's code cells by index."""

    uri: str
    inputs: Inputs
    cells: dict[int, str] = field(default_factory=dict)
    reading: Reading | None = None
    whole: Reading | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def source(self) -> Source:
        return self.inputs.source

    @property
    def uris(self) -> Iterable[str]:
        return self.cells.values() if self.source.is_notebook else (self.uri,)

    def change(self, source: Source) -> None:
        self.inputs = replace(self.inputs, source=source)

    def configure(self, settings: Settings) -> None:
        if settings != self.inputs.settings:
            self.inputs = replace(self.inputs, settings=settings)

    def leads_to(self, other: Document) -> bool:
        """Whether another file was read with this one."""
        read = (os.path.abspath(each.source.path) for each in self.read_source.elsewhere)
        return other is not self and os.path.abspath(other.source.path) in read

    def renew(self) -> None:
        """What it was read with has changed: it is to be read again."""
        self.inputs = replace(self.inputs, traced=None)

    def trace(self, traced: Traced | None, is_all: bool = True) -> None:
        """Take new traces: what was known of the same text stays where they are not all, and what
        was settled by sampling in any case."""
        known = self.inputs.traced
        if traced is not None and known is not None and known.text == traced.text:
            traced = replace(traced, settled=known.settled)
            if not is_all and known.module is traced.module:
                traces, stacks = known.traces, known.stacks
                traced = replace(
                    traced,
                    traces={**traces, **traced.traces},
                    stacks={**stacks, **traced.stacks},
                )
        self.inputs = replace(self.inputs, traced=traced)

    def settle(self, text: str, settled: Iterable[Settled]) -> None:
        """Keep what sampling has settled of a text."""
        traced, settled = self.inputs.traced, tuple(settled)
        if settled and traced is not None and traced.text == text:
            told = replace(traced, settled=(*settled, *traced.settled))
            self.inputs = replace(self.inputs, traced=told)

    def take(self, reading: Reading) -> None:
        self.reading = reading
        if reading.is_whole:
            self.whole = reading

    @property
    def read_source(self) -> Source:
        """The text as it was read, with the files that it leads to."""
        return self.reading.report.source if self.reading is not None else self.source

    def uri_of(self, span: Span, source: Source | None = None) -> str:
        """The address of what a span stands in; `source` is what it was read from."""
        if span.start >= ELSEWHERE:
            path = (source or self.read_source).home(span.start).source.path
            return uris.from_fs_path(os.path.abspath(path)) or self.uri
        cell = self.source.cell_at(span.start)
        return self.cells.get(cell.index, self.uri) if cell else self.uri

    def cell_of(self, uri: str) -> int | None:
        return next((index for index, each in self.cells.items() if each == uri), None)

    def in_place(self, found: Iterable[Diagnostic], uri: str) -> Iterator[Diagnostic]:
        """Those of the findings that stand in one of this document's parts."""
        return (each for each in found if self.uri_of(each.span) == uri)
