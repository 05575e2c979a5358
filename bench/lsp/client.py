"""A language client over standard input and output that notes when each message comes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]
PATIENCE = 120.0


class Published(NamedTuple):
    """Diagnostics as they came: when, of which version, of which rules."""

    at: float
    version: int | None
    codes: tuple[str, ...]


class Client:
    """One server with one open file. It is sent diagnostics and asks for none."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder, self.text, self.version = folder, text, 1
        self.uri = (folder / "model.py").as_uri()
        self.published: list[Published] = []
        self.sent: dict[int, float] = {}
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._count = 0

    async def start(self, command: Sequence[str], options: Json, environ: Json) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environ,
            cwd=self.folder,
        )
        self._reader = asyncio.create_task(self._listen())
        folder = {"uri": self.folder.as_uri(), "name": "bench"}
        await self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": folder["uri"],
                "workspaceFolders": [folder],
                "capabilities": {
                    "textDocument": {"publishDiagnostics": {"versionSupport": True}},
                    "workspace": {"configuration": True, "workspaceFolders": True},
                },
                "initializationOptions": options,
            },
        )
        self.tell("initialized", {})
        document = {"uri": self.uri, "languageId": "python", "version": 1, "text": self.text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    async def stop(self) -> None:
        await self.ask("shutdown", None)
        self.tell("exit", None)
        await asyncio.wait_for(self.process.wait(), PATIENCE)
        self._reader.cancel()

    def insert(self, offset: int, text: str) -> None:
        """One change of the text, in ASCII."""
        line = self.text.count("\n", 0, offset)
        place = {"line": line, "character": offset - self.text.rfind("\n", 0, offset) - 1}
        self._change({"start": place, "end": place}, text)
        self.text = self.text[:offset] + text + self.text[offset:]

    def _change(self, place: Json, text: str) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        changes = [{"range": place, "text": text}]
        self.sent[self.version] = time.perf_counter()
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def save(self) -> None:
        self.tell("textDocument/didSave", {"textDocument": {"uri": self.uri}})

    async def ask(self, method: str, params: object) -> Any:
        self._count += 1
        answer = self._answers[self._count] = asyncio.get_running_loop().create_future()
        self._send({"id": self._count, "method": method, "params": params})
        return await asyncio.wait_for(answer, PATIENCE)

    def tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    async def until(self, test: Callable[[Published], bool]) -> Published:
        """The first of the diagnostics from now on that pass a test."""
        start = len(self.published)
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            for each in self.published[start:]:
                if test(each):
                    return each
            await asyncio.sleep(0.001)
        raise TimeoutError("no such diagnostics came")

    async def told(self) -> None:
        """Wait for diagnostics of the text as it is."""
        end = time.perf_counter() + PATIENCE
        while not any(each.version == self.version for each in self.published):
            if time.perf_counter() > end:
                raise TimeoutError("no diagnostics of the last version came")
            await asyncio.sleep(0.01)

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        while True:
            header = await self.process.stdout.readuntil(b"\r\n\r\n")
            length = int(header.lower().partition(b"content-length:")[2].split()[0])
            message = json.loads(await self.process.stdout.readexactly(length))
            self._take(message, time.perf_counter())

    def _take(self, message: Json, now: float) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            codes = tuple(str(each.get("code")) for each in params["diagnostics"])
            self.published.append(Published(now, params.get("version"), codes))
        elif "method" in message and "id" in message:
            items = (message["params"] or {}).get("items", []) if message.get("params") else []
            self._send({"id": message["id"], "result": [None for _ in items] or None})
        elif "id" in message:
            answer = self._answers.pop(message["id"])
            if not answer.done():
                answer.set_result(message.get("result"))
