"""When models are traced, and what becomes of their traces. Nothing runs without trust."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from numpyro_lint.model.attach import Attached, sorted_out
from numpyro_lint_runtime.interpreter import find_interpreter
from numpyro_lint_server.analysis import Reading, Traced
from numpyro_lint_server.documents import Document
from numpyro_lint_server.tracer import Job, Tracer

if TYPE_CHECKING:
    from numpyro_lint_server.server import Server

logger = logging.getLogger(__name__)
UNTRUSTED = (
    "numpyro-lint reads this workspace's models as text only. To have them traced, which runs "
    "their code, trust the workspace in the editor, or start the server with the initialization "
    'option "trusted": true.'
)
UNTRACED = (
    "numpyro-lint: models are not traced: {reason}. Name a Python that has numpyro in the setting "
    "numpyroLint.python, or as `python` in [tool.numpyro-lint]."
)


class Tracing:
    """The traces of the open documents."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tracer = Tracer(self._landed)
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self.trusted = False

    def trust(self, trusted: bool) -> None:
        """Trust comes from the editor alone; where it is withdrawn, all workers end."""
        if trusted == self.trusted:
            return
        self.trusted = trusted
        if not trusted:
            self._server.spawn(self._restart())
            for document in self._server.documents.values():
                document.trace(None)
        self._server.reconfigure(trace=trusted)

    def consider(self, document: Document, reading: Reading) -> None:
        """A document was opened or saved: have it traced, where that is allowed and wanted."""
        wanted = self._server.options.trace
        if wanted == "off" or not reading.models:
            return
        if not self.trusted:
            self._server.say_once(UNTRUSTED, types.MessageType.Info)
        elif wanted == "on":
            self._ask(document, reading)

    async def now(self, document: Document) -> Reading:
        """Trace a document because the user asks for it, and read it with what was found."""
        reading = await self._server.read(document)
        if self.trusted and self._server.options.trace != "off":
            landing = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(document.uri, []).append(landing)
            self._ask(document, reading)
            await landing
        return await self._server.read(document)

    def _ask(self, document: Document, reading: Reading) -> None:
        self._loop = asyncio.get_running_loop()
        python = find_interpreter(self._server.options.python, reading.inputs.settings.python)
        module = reading.static.module
        self._tracer.ask(Job(document.uri, reading.inputs, module, python.path))

    def forget(self, uri: str) -> None:
        self._tracer.forget(uri)
        self._resolve(uri)

    async def restart(self) -> None:
        """End all workers, and trace all documents anew."""
        await self._restart()
        self._server.reconfigure(trace=True)

    async def _restart(self) -> None:
        await asyncio.to_thread(self._tracer.restart)
        for uri in list(self._waiting):
            self._resolve(uri)

    def close(self) -> None:
        self._tracer.close()

    def _landed(self, job: Job, found: list[Attached]) -> None:
        """In the tracer's thread."""
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(self._take, job, found)
        except RuntimeError:
            logger.info("a trace landed after the end of the server")

    def _take(self, job: Job, found: list[Attached]) -> None:
        document = self._server.documents.get(job.uri)
        if document is not None and self.trusted:
            traces, stacks = sorted_out(each for each in found if not self._never_began(each))
            document.trace(Traced(job.inputs.source.text, job.module, traces, stacks))
            self._server.spawn(self._tell(document))
        self._resolve(job.uri)

    def _never_began(self, attached: Attached) -> bool:
        """The interpreter cannot trace at all: that is said once, and not of every model."""
        failure = attached.result.failure
        if failure is None or failure.stage != "start":
            return False
        self._server.say_once(UNTRACED.format(reason=failure.message))
        return True

    async def _tell(self, document: Document) -> None:
        await self._server.refresh(document)
        reading = document.reading
        is_open = self._server.documents.get(document.uri) is document
        if is_open and reading is not None and reading.inputs is document.inputs:
            self._server.publisher.was_traced(document, reading)

    def _resolve(self, uri: str) -> None:
        for landing in self._waiting.pop(uri, []):
            if not landing.done():
                landing.set_result(None)
