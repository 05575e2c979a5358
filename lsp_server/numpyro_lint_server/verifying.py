"""Short runs of NUTS that settle findings, in a worker of their own: no trace waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcContentModified, JsonRpcException, JsonRpcRequestCancelled

from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint.verifying import Settled, verify
from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.pilots import Progress
from numpyro_lint_server.analysis import Reading
from numpyro_lint_server.documents import Document
from numpyro_lint_server.progress import Say
from numpyro_lint_server.rooted import Rooted

if TYPE_CHECKING:
    from numpyro_lint_server.server import Server

MOVED = "the text has changed meanwhile: verify it again"
ENDED = "the workers were ended meanwhile"


class Verifying:
    """What is being verified: one model at a time, since sampling keeps the machine busy."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._turn = asyncio.Lock()
        self._stops: dict[str, asyncio.Future[JsonRpcException]] = {}
        self._hosts: set[Host] = set()

    async def settle(
        self, document: Document, reading: Reading, found: Iterable[Diagnostic], say: Say
    ) -> None:
        """Settle findings of a document as it was read and traced; what lands is kept in it.

        Raises JsonRpcException where it is stopped, by a change of the text for one.
        """
        async with self._turn:
            is_open = self._server.documents.get(document.uri) is document
            if not self._server.tracing.allows(document):
                raise JsonRpcRequestCancelled(ENDED)
            if not is_open or document.source is not reading.source:
                raise JsonRpcContentModified(MOVED)
            settled: list[Settled] = []
            try:
                await self._sample(document, reading, found, settled, say)
            finally:
                document.settle(reading.source.text, settled)

    async def _sample(
        self,
        document: Document,
        reading: Reading,
        found: Iterable[Diagnostic],
        settled: list[Settled],
        say: Say,
    ) -> None:
        loop = asyncio.get_running_loop()
        stop = self._stops[document.uri] = loop.create_future()
        folders, path, settings = self._server.folders, reading.source.path, reading.inputs.settings
        host = Host(folders.python_of(path, settings), platform=settings.platform)
        rooted = Rooted(host, folders.root_of(path))
        self._hosts.add(host)
        context = reading.report.context

        def take(answer: Settled | Progress) -> None:
            if host not in self._hosts:
                return
            if isinstance(answer, Settled):
                settled.append(answer)
            else:
                say(answer.text, 100 * answer.done // max(answer.total, 1))

        def sample() -> None:
            for answer in verify(context, found, rooted):
                loop.call_soon_threadsafe(take, answer)

        sampling = loop.run_in_executor(None, sample)
        try:
            await asyncio.wait({sampling, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hosts.discard(host)
            del self._stops[document.uri]
            await asyncio.to_thread(host.close)
        if stop.done():
            raise stop.result()
        await sampling

    def moved_on(self, uri: str) -> None:
        """The text of a document is another one: nothing that is sampled could be said of it."""
        self._stop(uri, JsonRpcContentModified(MOVED))

    def stop(self) -> None:
        """End all that is being sampled."""
        for uri in list(self._stops):
            self._stop(uri, JsonRpcRequestCancelled(ENDED))

    def _stop(self, uri: str, why: JsonRpcException) -> None:
        stop = self._stops.get(uri)
        if stop is not None and not stop.done():
            stop.set_result(why)

    def close(self) -> None:
        """End the workers for good."""
        for host in list(self._hosts):
            host.close()
