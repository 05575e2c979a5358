"""Rough treatment: the server lives on or ends cleanly, and says what happened."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pytest_lsp import LanguageClient
from server.support import (
    EXAMPLES,
    FLOORS,
    MISSPELT,
    Editor,
    begin,
    capabilities,
    children,
    command,
    has,
    has_not,
    lives,
    process_of,
    rules,
    server_config,
    until,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

EIGHT = (EXAMPLES / "eight_schools.py").read_text()
SLOW = EIGHT.replace("    mu = numpyro", "    import time\n    time.sleep(300)\n    mu = numpyro")


@pytest_asyncio.fixture(loop_scope="session")
async def client(tmp_path: Path) -> AsyncIterator[LanguageClient]:
    """A trusted session of a server of its own, which may not live on."""
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    await begin(client, tmp_path, capabilities(), trusted=True)
    yield client
    if lives(process_of(client)):
        await client.shutdown_session()
    await client.stop()


async def send(client: LanguageClient, body: bytes, header: bytes | None = None) -> None:
    server = client._server
    assert server is not None
    assert server.stdin is not None
    server.stdin.write((header or b"Content-Length: %d\r\n\r\n" % len(body)) + body)
    await server.stdin.drain()


async def answer(client: LanguageClient, method: str, params: Any) -> Any:
    """The answer to a request that is sent as it is."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    client.protocol._request_futures["rough"] = future
    body = {"jsonrpc": "2.0", "id": "rough", "method": method, "params": params}
    await send(client, json.dumps(body).encode())
    return await asyncio.wait_for(future, 30)


def logged(client: LanguageClient) -> str:
    return "\n".join(each.message for each in client.log_messages)


def told(client: LanguageClient) -> str:
    return "\n".join(each.message for each in client.messages)


async def still_works(client: LanguageClient, folder: Path) -> None:
    editor = Editor(client, folder / "works.py", MISSPELT)
    assert rules(await editor.pushed(has("unknown-site-in-handler")))
    editor.close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "Expecting property name"),
        (b"\xff\xfe", "Expecting value"),
        (b"[]", "no JSON-RPC object"),
        (b'"text"', "no JSON-RPC object"),
        (
            b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": 3}',
            "didOpen: its",
        ),
        (b'{"jsonrpc": "2.0", "method": ["a"], "params": 3}', "cannot be read"),
        (b'{"jsonrpc": "2.0", "result": 3, "id": "never asked"}', ""),
    ],
)
async def test_a_message_that_is_none_is_logged(
    push: LanguageClient, workspace: Path, body: bytes, said: str
) -> None:
    before = len(logged(push))
    await send(push, body)
    await still_works(push, workspace)
    assert said in logged(push)[before:]


async def test_headers_that_are_none_are_passed_over(push: LanguageClient, workspace: Path) -> None:
    await send(push, b"", b"hello\r\nContent-Length: many\r\n\r\n\r\n")
    await still_works(push, workspace)


async def test_a_length_that_cannot_be_ends_it(client: LanguageClient) -> None:
    await send(client, b"", b"Content-Length: 99999999999999999999\r\n\r\n")
    server = client._server
    assert server is not None
    assert await asyncio.wait_for(server.wait(), 30) == 1


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("textDocument/hover", 3, "textDocument/hover: its parameters cannot be read"),
        ("textDocument/hover", {"position": {}}, "its parameters cannot be read"),
        ("numpyroLint/nothing", {}, "Not Found"),
        ("workspace/executeCommand", {"command": "numpyroLint.trace"}, "needs the uri"),
        ("workspace/executeCommand", {"command": "nothing", "arguments": [1]}, "no command"),
    ],
)
async def test_every_request_is_answered(
    push: LanguageClient, method: str, params: Any, why: str
) -> None:
    with pytest.raises(Exception, match=why):
        await answer(push, method, params)


async def test_requests_before_the_beginning_and_after_the_end_are_answered() -> None:
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    document = {"uri": "file:///a.py"}
    asked = {"textDocument": document, "position": {"line": 0, "character": 0}}
    with pytest.raises(Exception, match="not initialized yet"):
        await answer(client, "textDocument/hover", asked)
    body = {"jsonrpc": "2.0", "method": "textDocument/didClose", "params": asked}
    await send(client, json.dumps(body).encode())
    await begin(client, EXAMPLES, capabilities())
    await client.shutdown_async(None)
    with pytest.raises(Exception, match="shutting down"):
        await answer(client, "textDocument/hover", asked)
    client.exit(None)
    server = client._server
    assert server is not None
    assert await server.wait() == 0
    await client.stop()


async def test_changes_out_of_order_are_made_as_they_come(
    client: LanguageClient, tmp_path: Path
) -> None:
    editor = Editor(client, tmp_path / "back.py", MISSPELT)
    editor.version = 7
    editor.type("import numpyro\n")
    await editor.pushed(has_not("unknown-site-in-handler"))
    editor.version = 2
    editor.type(MISSPELT)
    await editor.pushed(has("unknown-site-in-handler"))
    assert "version 3 came after 8" in logged(client)
    # Places past all ends, and the wrong way round.
    here, there = types.Position(99, 99), types.Position(0, 0)
    editor.send(types.TextDocumentContentChangePartial(types.Range(here, there), "x = (\n"))
    await editor.pushed(has("invalid-syntax"))
    # Opened twice, closed twice, saved when it is not open.
    again = Editor(client, tmp_path / "back.py", MISSPELT)
    assert "invalid-syntax" not in rules(await again.pushed(has("unknown-site-in-handler")))
    for _ in range(2):
        again.close()
        again.save()
        again.type(MISSPELT)
    await still_works(client, tmp_path)


async def test_a_huge_file_holds_up_no_other(push: LanguageClient, workspace: Path) -> None:
    head, _, rest = MISSPELT.partition("\n\n\n")
    blocks = "".join(f"\n\n\n{rest}".replace("model", f"model_{n}") for n in range(2300))
    huge = Editor(push, workspace / "huge.py", head + blocks)
    assert huge.text.count("\n") > 20_000
    small = Editor(push, workspace / "small.py", MISSPELT)
    (found,) = await small.pushed(has("unknown-site-in-handler"))
    assert huge.uri not in push.diagnostics
    huge.send(types.TextDocumentContentChangePartial(found.range, ""))
    hover = types.HoverParams(types.TextDocumentIdentifier(small.uri), found.range.start)
    assert await push.text_document_hover_async(hover) is None
    assert huge.uri not in push.diagnostics
    huge.type(MISSPELT)
    assert len(await huge.pushed(lambda found: len(found) == 1)) == 1
    small.close()
    huge.close()


@pytest.mark.trace
async def test_a_file_is_deleted_under_it(client: LanguageClient, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    path = folder / "eight.py"
    path.write_text(EIGHT)
    editor = Editor(client, path, EIGHT)
    await editor.pushed(has("funnel"))
    path.unlink()
    folder.rmdir()
    editor.type(EIGHT.replace("8.0", "8.5"))
    editor.save()
    asked = command("trace", {"uri": editor.uri, "model": "eight_schools"})
    model = await client.workspace_execute_command_async(asked)
    assert model["trace"]["status"] == "ok"
    assert rules(await editor.pushed(has("funnel"))) == ["funnel"]
    editor.close()


@pytest.mark.trace
async def test_the_folder_is_deleted_under_it(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    folder.mkdir()
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    await begin(client, folder, capabilities(), trusted=True)
    folder.rmdir()
    editor = Editor(client, folder / "eight.py", EIGHT)
    await editor.pushed(has("funnel"))
    asked = command("trace", {"uri": editor.uri, "model": "eight_schools"})
    model = await client.workspace_execute_command_async(asked)
    assert model["trace"]["status"] == "ok"
    await client.shutdown_session()
    await client.stop()


def is_read(pipe: Path, held: list[int]) -> bool:
    """Whether a model has come to where it reads a pipe; `held` is then the other end."""
    with contextlib.suppress(OSError):
        held.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    return bool(held)


@pytest.mark.trace
async def test_a_worker_that_is_killed_is_told_of_and_replaced(
    client: LanguageClient, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    waits = EIGHT.replace("    mu = numpyro", f"    open({str(pipe)!r}).read()\n    mu = numpyro")
    editor = Editor(client, tmp_path / "slow.py", waits)
    held: list[int] = []
    await until(lambda: is_read(pipe, held))
    (worker,) = children(process_of(client))
    os.kill(worker, signal.SIGKILL)
    found = next(each for each in await editor.pushed(has("not-traced")) if each.code != "funnel")
    os.close(held[0])
    assert "ended while the model ran" in found.message
    editor.type(EIGHT)
    asked = command("trace", {"uri": editor.uri, "model": "eight_schools"})
    model = await client.workspace_execute_command_async(asked)
    assert model["trace"]["status"] == "ok"
    editor.close()


@pytest.mark.trace
async def test_a_python_that_lacks_numpyro_is_said(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    await begin(client, tmp_path, capabilities(), trusted=True, python=str(python))
    editor = Editor(client, tmp_path / "eight.py", EIGHT)
    await until(lambda: "models are not traced" in told(client))
    assert "No module named" in told(client)
    assert rules(await editor.pushed(has("funnel"))) == ["funnel"]
    await client.shutdown_session()
    await client.stop()


@pytest.mark.trace
async def test_a_client_that_closes_the_pipe_takes_all_with_it(
    client: LanguageClient, tmp_path: Path
) -> None:
    Editor(client, tmp_path / "slow.py", SLOW)
    await until(lambda: bool(children(process_of(client))))
    (worker,) = children(process_of(client))
    server = client._server
    assert server is not None
    assert server.stdin is not None
    server.stdin.close()
    await asyncio.wait_for(server.wait(), 30)
    assert server.returncode == 1
    await until(lambda: not lives(worker))


# Starts a server whose pipes outlive it, initializes it, says its number and ends.
LAUNCHER = """
    import json, os, subprocess, sys, time

    reading, writing = map(int, sys.argv[1:3])
    server = subprocess.Popen(
        [sys.executable, "-m", "numpyro_lint_server"], stdin=reading, stdout=subprocess.DEVNULL
    )
    for message in (
        {"id": 1, "method": "initialize", "params": {"processId": os.getpid(), "capabilities": {}}},
        {"method": "initialized", "params": {}},
    ):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        os.write(writing, b"Content-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
    print(server.pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.trace
async def test_an_editor_that_vanishes_is_noticed(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    path = {"PYTHONPATH": os.pathsep.join(FLOORS)}
    launcher = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LAUNCHER), str(reading), str(writing)],
        pass_fds=(reading, writing),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **path},
    )
    assert launcher.stdout is not None
    server = int(launcher.stdout.readline())
    await asyncio.sleep(5)
    assert lives(server)
    launcher.kill()
    launcher.wait()
    await until(lambda: not lives(server))
    os.close(reading)
    os.close(writing)
