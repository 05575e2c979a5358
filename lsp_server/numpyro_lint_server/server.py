"""The server's state, and what happens to it; the requests themselves are in `features`."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from numpyro_lint import __version__
from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached
from numpyro_lint.text import Source
from numpyro_lint_runtime.interpreter import find_interpreter
from numpyro_lint_server import present
from numpyro_lint_server.analysis import Inputs, Reading, Traced, read
from numpyro_lint_server.convert import Encoding
from numpyro_lint_server.documents import Document
from numpyro_lint_server.options import Options, with_settings
from numpyro_lint_server.project import settings_for
from numpyro_lint_server.protocol import Protocol
from numpyro_lint_server.schedule import Debouncer
from numpyro_lint_server.tracer import Job, Tracer

logger = logging.getLogger(__name__)
UNTRUSTED = (
    "numpyro-lint reads this workspace's models as text only. To have them traced, which runs "
    "their code, trust the workspace in the editor, or start the server with the initialization "
    'option "trusted": true.'
)
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(
            "jupyter-notebook", [types.NotebookCellLanguage("python")]
        )
    ]
)


class Server(LanguageServer):
    """The language server. All state is touched on the event loop alone."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__(
            present.NAME, __version__, notebook_document_sync=_NOTEBOOKS, protocol_cls=Protocol
        )
        self.options = Options()
        self.trusted = False
        self.asked_to_shut_down = False
        self.documents: dict[str, Document] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.tracer = Tracer(self._landed)
        self.debouncer = Debouncer(self._due)
        self._reader = ThreadPoolExecutor(1, "reader")
        self._said: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}

    # What the client can do.

    @property
    def encoding(self) -> Encoding:
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    @property
    def pulls(self) -> bool:
        """The client asks for findings, and is not sent any."""
        text_document = self.client_capabilities.text_document
        return text_document is not None and text_document.diagnostic is not None

    @property
    def refreshes(self) -> bool:
        """The client asks again for findings when it is told to."""
        workspace = self.client_capabilities.workspace
        diagnostics = workspace.diagnostics if workspace else None
        return bool(diagnostics and diagnostics.refresh_support)

    # Messages to people.

    def say_once(self, text: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        if text not in self._said:
            self._said.add(text)
            self.window_show_message(types.ShowMessageParams(kind, text))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Errors go to the log: none of them is the user's to act on."""
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

    # Documents.

    def document_of(self, uri: str) -> Document | None:
        """The document of an address, be it that of a notebook's cell."""
        if uri in self.documents:
            return self.documents[uri]
        return next((each for each in self.documents.values() if uri in each.uris), None)

    def open(self, uri: str, source: Source, cells: dict[int, str] | None = None) -> None:
        document = Document(uri, Inputs(source, self._settings(source.path)), cells or {})
        self.documents[uri] = document
        self.spawn(self.refresh(document, trace=True))

    def change(self, document: Document, source: Source) -> None:
        document.change(source)
        self._unpush(document)
        self.debouncer.poke(document.uri, self.options.debounce)

    def save(self, document: Document) -> None:
        document.configure(self._settings(document.source.path))
        self.spawn(self.refresh(document, trace=True))

    def close(self, uri: str) -> None:
        document = self.documents.pop(uri, None)
        if document is None:
            return
        self.debouncer.drop(uri)
        self.tracer.forget(uri)
        self._resolve(uri)
        if not self.pulls or document.pushed:
            for each in document.uris:
                self._send(each, [], None)

    def configure(self, settings: object) -> None:
        """The editor's settings, all of them or some; trust is not among them."""
        self.options, problems = with_settings(self.options, settings)
        for problem in problems:
            self.say_once(f"numpyro-lint: {problem}")

    def reconfigure(self, *, trace: bool) -> None:
        """Read all open documents again under the settings that hold now."""
        for document in self.documents.values():
            document.configure(self._settings(document.source.path))
            self.spawn(self.refresh(document, trace=trace))
        self._ask_to_pull()

    def _settings(self, path: str) -> Settings:
        settings, problem = settings_for(path, self.options)
        if problem:
            self.say_once(f"numpyro-lint: {problem}", types.MessageType.Error)
        return settings

    # Reading and telling.

    def _due(self, uri: str) -> None:
        document = self.documents.get(uri)
        if document is not None:
            self.spawn(self.refresh(document))

    async def read(self, document: Document) -> Reading:
        """The reading of a document as it is now; a text that has moved on is not waited for."""
        async with document.lock:
            while document.reading is None or document.reading.inputs is not document.inputs:
                loop = asyncio.get_running_loop()
                document.take(
                    await loop.run_in_executor(
                        self._reader, read, document.inputs, document.whole
                    )
                )
            return document.reading

    async def refresh(self, document: Document, *, trace: bool = False) -> None:
        """Read a document, tell a client that does not ask, and have it traced."""
        reading = await self.read(document)
        if self.documents.get(document.uri) is not document:
            return
        if reading.inputs is document.inputs and not self.pulls:
            self._push(document, reading)
        if trace and reading.models:
            self._trace_if_allowed(document, reading)

    def _push(self, document: Document, reading: Reading) -> None:
        for uri in document.uris:
            found = present.diagnostics(document, reading.shown, uri, self.encoding)
            self._send(uri, found, document.source.version)

    def _push_what_the_trace_found(self, document: Document, reading: Reading) -> None:
        """For a client that asks for findings but cannot be told to ask again."""
        for uri in document.uris:
            found = present.diagnostics(document, reading.by_trace, uri, self.encoding)
            self._send(uri, found, document.source.version)
        document.pushed = True

    def _unpush(self, document: Document) -> None:
        if document.pushed:
            document.pushed = False
            for uri in document.uris:
                self._send(uri, [], None)

    def _send(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, found, version=version)
        )

    def pulled(self, document: Document) -> None:
        """The client has all findings now, those of the trace too."""
        self._unpush(document)

    def _ask_to_pull(self) -> None:
        if self.pulls and self.refreshes:
            self.workspace_diagnostic_refresh(None)

    # Traces.

    def trust(self, trusted: bool) -> None:
        if trusted == self.trusted:
            return
        self.trusted = trusted
        if not trusted:
            self.spawn(asyncio.to_thread(self.tracer.restart))
            for document in self.documents.values():
                document.trace(None)
        self.reconfigure(trace=trusted)

    def _trace_if_allowed(self, document: Document, reading: Reading) -> None:
        if self.options.trace == "off":
            return
        if not self.trusted:
            self.say_once(UNTRUSTED, types.MessageType.Info)
        elif self.options.trace == "on":
            self._ask(document, reading)

    def _ask(self, document: Document, reading: Reading) -> None:
        settings = reading.inputs.settings
        python = find_interpreter(self.options.python, settings.python).path
        module = reading.static.module
        self.tracer.ask(Job(document.uri, reading.inputs, module, python))

    async def trace(self, document: Document) -> Reading:
        """Trace a document because the user asks for it, and read it with what was found."""
        reading = await self.read(document)
        landing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(document.uri, []).append(landing)
        self._ask(document, reading)
        await landing
        return await self.read(document)

    async def restart_worker(self) -> None:
        await asyncio.to_thread(self.tracer.restart)
        for uri in list(self._waiting):
            self._resolve(uri)
        self.reconfigure(trace=True)

    def _landed(self, job: Job, found: dict[int, Attached]) -> None:
        assert self.loop is not None
        try:
            self.loop.call_soon_threadsafe(self._take, job, found)
        except RuntimeError:
            logger.info("a trace landed after the end")

    def _take(self, job: Job, found: dict[int, Attached]) -> None:
        traces = {}
        for key, attached in found.items():
            failure = attached.result.failure
            if failure is not None and failure.stage == "start":
                self.say_once(
                    f"numpyro-lint: models are not traced: {failure.message}. Name a Python that "
                    "has numpyro in the setting numpyroLint.python, or as `python` in "
                    "[tool.numpyro-lint]."
                )
            else:
                traces[key] = attached
        document = self.documents.get(job.uri)
        if document is not None and self.trusted:
            document.trace(Traced(job.inputs.source.text, job.module, traces))
            self.spawn(self._tell_of_trace(document))
        self._resolve(job.uri)

    async def _tell_of_trace(self, document: Document) -> None:
        await self.refresh(document)
        reading = document.reading
        if not self.pulls or reading is None or self.documents.get(document.uri) is not document:
            return
        if self.refreshes:
            self._ask_to_pull()
        elif reading.inputs is document.inputs:
            self._push_what_the_trace_found(document, reading)

    def _resolve(self, uri: str) -> None:
        for landing in self._waiting.pop(uri, []):
            if not landing.done():
                landing.set_result(None)

    def shutdown(self) -> None:
        self.tracer.close()
        self._reader.shutdown(wait=False, cancel_futures=True)
        super().shutdown()


def create() -> Server:
    """A server with all its features."""
    from numpyro_lint_server.features import register

    sys.setrecursionlimit(max(sys.getrecursionlimit(), 3000))
    server = Server()
    register(server)
    return server
