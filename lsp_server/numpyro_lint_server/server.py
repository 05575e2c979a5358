"""The server's state, and what happens to it; the requests themselves are in `features`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from numpyro_lint import __version__
from numpyro_lint.config import Settings
from numpyro_lint.model.project import Project
from numpyro_lint.text import Source
from numpyro_lint_server.analysis import Inputs, Reading, read
from numpyro_lint_server.around import Around
from numpyro_lint_server.documents import Document
from numpyro_lint_server.folders import Folders
from numpyro_lint_server.present import NAME
from numpyro_lint_server.protocol import Protocol
from numpyro_lint_server.publish import Publisher
from numpyro_lint_server.schedule import Debouncer
from numpyro_lint_server.tracing import Tracing
from numpyro_lint_server.verifying import Verifying

logger = logging.getLogger(__name__)
# All cells, whatever their language: cells are counted from the first one on.
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [types.NotebookDocumentFilterWithNotebook("jupyter-notebook")], save=True
)


class Server(LanguageServer):
    """The language server. All state is touched on the event loop alone."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__(
            NAME, __version__, notebook_document_sync=_NOTEBOOKS, protocol_cls=Protocol
        )
        self.folders = Folders(self)
        self.around = Around(self)
        self.project = Project(self.around.unsaved)
        self.documents: dict[str, Document] = {}
        self.publisher = Publisher(self)
        self.tracing = Tracing(self)
        self.verifying = Verifying(self)
        self.asked_to_shut_down = False
        self._debouncer = Debouncer(self._due)
        # Two, so that no file waits for a huge one.
        self._reader = ThreadPoolExecutor(2, "reader")
        self._said: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    def say_once(self, text: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """A message to the user."""
        if text not in self._said:
            self._said.add(text)
            self.window_show_message(types.ShowMessageParams(kind, text))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Errors of the protocol go to the log: none of them is the user's to act on."""
        self.window_log_message(
            types.LogMessageParams(types.MessageType.Error, f"{source.__name__}: {error}")
        )

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something on the loop that nobody waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s", error, exc_info=error)

    def document_of(self, uri: str) -> Document | None:
        """The document of an address, be it that of a notebook's cell."""
        if uri in self.documents:
            return self.documents[uri]
        return next((each for each in self.documents.values() if uri in each.uris), None)

    def open(self, uri: str, source: Source, cells: dict[int, str] | None = None) -> None:
        document = Document(
            uri, Inputs(source, self._settings(source.path), project=self.project), cells or {}
        )
        self.documents[uri] = document
        self.spawn(self.refresh(document, trace=True))

    def change(self, document: Document, source: Source) -> None:
        document.change(source)
        self.verifying.moved_on(document.uri)
        self._debouncer.poke(document.uri, self.folders.options_of(source.path).debounce)

    def save(self, document: Document) -> None:
        document.configure(self._settings(document.source.path))
        self.spawn(self.refresh(document, trace=True))
        self._renew_those_led_by(document)

    def _renew_those_led_by(self, document: Document) -> None:
        """Read and trace again what was read with a file that is another one now."""
        led = [each for each in self.documents.values() if each.leads_to(document)]
        for other in led:
            other.renew()
            self.spawn(self.refresh(other, trace=True))
        if led:
            self.publisher.ask_to_pull()

    def close(self, uri: str) -> None:
        document = self.documents.pop(uri, None)
        if document is not None:
            self._debouncer.drop(uri)
            self.tracing.forget(uri)
            self.verifying.moved_on(uri)
            self.publisher.was_closed(document)
            saved = self.around.source(document.source.path)
            if saved is None or saved.text != document.source.text:
                self._renew_those_led_by(document)

    def begin(self, settings: object) -> None:
        """The settings that the editor starts with; trust is not among them."""
        self._say_each(self.folders.begin(settings))

    def configure(self, settings: object, own: Mapping[str, object] | None = None) -> None:
        """The editor's settings, and those of folders by their addresses."""
        self._say_each(self.folders.configure(settings, own))

    def _say_each(self, problems: Iterable[str]) -> None:
        for problem in problems:
            self.say_once(f"numpyro-lint: {problem}")

    def reconfigure(self, *, trace: bool) -> None:
        """Read all open documents again under the settings that hold now."""
        for document in self.documents.values():
            document.configure(self._settings(document.source.path))
            self.spawn(self.refresh(document, trace=trace))
        if self.documents:
            self.publisher.ask_to_pull()

    def _settings(self, path: str) -> Settings:
        settings, problem = self.folders.settings_of(path)
        if problem:
            self.say_once(f"numpyro-lint: {problem}", types.MessageType.Error)
        return settings

    def _due(self, uri: str) -> None:
        if uri in self.documents:
            self.spawn(self.refresh(self.documents[uri]))

    async def read(self, document: Document) -> Reading:
        """The reading of a document as it is by then."""
        async with document.lock:
            while document.reading is None or document.reading.inputs is not document.inputs:
                inputs, last = document.inputs, document.whole
                loop = asyncio.get_running_loop()
                document.take(await loop.run_in_executor(self._reader, read, inputs, last))
            return document.reading

    async def refresh(self, document: Document, *, trace: bool = False) -> None:
        """Read a document, tell the client unless the text has moved on, and have it traced."""
        reading = await self.read(document)
        if self.documents.get(document.uri) is not document:
            return
        if reading.inputs is document.inputs:
            self.publisher.was_read(document, reading)
        if trace:
            self.tracing.consider(document, reading)

    async def tell(self, document: Document) -> None:
        """Read a document with what was found by running it, and tell the client."""
        await self.refresh(document)
        reading = document.reading
        is_open = self.documents.get(document.uri) is document
        if is_open and reading is not None and reading.inputs is document.inputs:
            self.publisher.ask_to_pull()

    def end_workers(self) -> None:
        """End all that runs code, for good. May wait a moment for it."""
        self.tracing.close()
        self.verifying.close()

    def shutdown(self) -> None:
        self.end_workers()
        self._reader.shutdown(wait=False, cancel_futures=True)
        super().shutdown()  # type: ignore[no-untyped-call]


def create() -> Server:
    """A server with all its features."""
    from numpyro_lint_server.features import register

    server = Server()
    register(server)
    return server
