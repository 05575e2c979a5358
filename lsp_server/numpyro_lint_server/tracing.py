"""When models are traced, and what becomes of their traces. Nothing runs without trust."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from lsprotocol import types

from numpyro_lint.model.attach import Attached, sorted_out
from numpyro_lint_server.analysis import Reading, Traced
from numpyro_lint_server.documents import Document
from numpyro_lint_server.progress import shown
from numpyro_lint_server.tracer import Job, Stage, Tracer

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

OFF = "numpyro-lint runs no code: the setting numpyroLint.trace is off."
# Seconds after which a trace that nobody has asked for is shown at work.
SOON = 0.5


def title_of(document: Document) -> str:
    return f"Tracing {os.path.basename(document.source.path)}"


class Tracing:
    """The traces of the open documents."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tracer = Tracer(self._landed)
        # Who waits for a document's traces, and whether for their values as well.
        self._waiting: dict[str, dict[asyncio.Future[None], bool]] = {}
        self.trusted = False

    def trust(self, trusted: bool) -> None:
        """Trust comes from the editor alone; where it is withdrawn, all workers end."""
        if trusted == self.trusted:
            return
        self.trusted = trusted
        if not trusted:
            self._server.spawn(self._end())
            for document in self._server.documents.values():
                document.trace(None)
        self._server.reconfigure(trace=trusted)

    def allows(self, document: Document) -> bool:
        """Whether a document's code may be run when the user asks for it."""
        return self.trusted and self._wanted(document) != "off"

    def _wanted(self, document: Document) -> str:
        return self._server.folders.options_of(document.source.path).trace

    @property
    def refusal(self) -> str:
        """Why code may not be run."""
        return UNTRUSTED if not self.trusted else OFF

    def consider(self, document: Document, reading: Reading) -> None:
        """A document was opened or saved: have it traced, where that is allowed and wanted."""
        wanted = self._wanted(document)
        if wanted == "off" or not reading.models:
            return
        if not self.trusted:
            self._server.say_once(UNTRUSTED, types.MessageType.Info)
        elif wanted == "on":
            self._server.spawn(self._automatic(document, reading))

    async def _automatic(self, document: Document, reading: Reading) -> None:
        """Nobody has asked for it: it is shown at work only where it takes a while."""
        landing = asyncio.ensure_future(self._traced(document, reading))
        await asyncio.wait({landing}, timeout=SOON)
        if not landing.done():
            async with shown(self._server, title_of(document)):
                await landing

    async def now(self, document: Document, *, values: bool = False) -> Reading:
        """Trace a document because the user asks for it, and read it with what was found.

        `values`: also with what its models come to at concrete draws.
        """
        reading = await self._server.read(document)
        if self.allows(document):
            await self._traced(document, reading, values)
        return await self._server.read(document)

    async def known(self, document: Document) -> Reading:
        """A document read with its traces: it is traced where none of this text is there yet."""
        reading = await self._server.read(document)
        traced = reading.inputs.traced
        if traced is not None and traced.text == reading.source.text:
            return reading
        return await self.now(document)

    async def _traced(self, document: Document, reading: Reading, values: bool = False) -> None:
        """Ask for a document's traces and wait for them; who is cancelled wants them no more."""
        self._loop = asyncio.get_running_loop()
        landing: asyncio.Future[None] = self._loop.create_future()
        waiting = self._waiting.setdefault(document.uri, {})
        waiting[landing] = values
        self._tracer.ask(self._job(document, reading))
        try:
            await landing
        except asyncio.CancelledError:
            del waiting[landing]
            if not waiting:
                self._tracer.forget(document.uri)
            raise

    def _job(self, document: Document, reading: Reading) -> Job:
        folders, path, inputs = self._server.folders, reading.source.path, reading.inputs
        python = folders.python_of(path, inputs.settings)
        return Job(document.uri, inputs, reading.static.module, python, folders.root_of(path))

    def forget(self, uri: str) -> None:
        self._tracer.forget(uri)
        self._resolve(uri)

    async def restart(self) -> None:
        """End all workers, and trace all documents anew."""
        await self._end()
        self._server.reconfigure(trace=True)

    async def _end(self) -> None:
        self._server.verifying.stop()
        await asyncio.to_thread(self._tracer.restart)
        for uri in list(self._waiting):
            self._resolve(uri)

    def close(self) -> None:
        self._tracer.close()

    def _landed(self, job: Job, found: list[Attached] | None, stage: Stage) -> None:
        """In the tracer's thread."""
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(self._take, job, found, stage)
        except RuntimeError:
            logger.info("a trace landed after the end of the server")

    def _take(self, job: Job, found: list[Attached] | None, stage: Stage) -> None:
        document = self._server.documents.get(job.uri)
        if document is not None and found is not None and self.trusted:
            traces, stacks = sorted_out(each for each in found if not self._never_began(each))
            traced = Traced(job.inputs.source.text, job.module, traces, stacks)
            document.trace(traced, is_all=stage != "some")
            self._server.spawn(self._server.tell(document))
        if stage != "some":
            self._resolve(job.uri, values=stage == "values")

    def _never_began(self, attached: Attached) -> bool:
        """The interpreter cannot trace at all: that is said once, and not of every model."""
        failure = attached.result.failure
        if failure is None or failure.stage != "start":
            return False
        self._server.say_once(UNTRACED.format(reason=failure.message))
        return True

    def _resolve(self, uri: str, values: bool = True) -> None:
        """Those who wait for a document go on: also those who wait for `values`?"""
        waiting = self._waiting.get(uri, {})
        for landing, wants_values in list(waiting.items()):
            if values or not wants_values:
                del waiting[landing]
                if not landing.done():
                    landing.set_result(None)
