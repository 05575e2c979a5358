"""An editor of a few lines, over a real server process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"
FLOORS = [str(ROOT / name) for name in ("analyzer", "runtime", "lsp_server")]
PATIENCE = 30.0
Found = Sequence[types.Diagnostic]

MISSPELT = """\
import numpyro
import numpyro.distributions as dist
from numpyro import handlers


def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


fixed = handlers.condition(model, data={"slop": 0.5})
"""


def server_config() -> ClientServerConfig:
    path = os.pathsep.join(FLOORS)
    return ClientServerConfig(
        server_command=[sys.executable, "-m", "numpyro_lint_server"],
        server_env={**os.environ, "PYTHONPATH": path, "JAX_PLATFORMS": "cpu"},
    )


def capabilities(*, pulls: bool = False, refreshes: bool = False) -> types.ClientCapabilities:
    """What an editor can do. `refreshes`: it asks again for what it has when it is told to."""
    return types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
                related_information=True, version_support=True, data_support=True
            ),
            diagnostic=types.DiagnosticClientCapabilities() if pulls else None,
            code_action=types.CodeActionClientCapabilities(),
        ),
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
            diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
            if refreshes
            else None,
            code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=refreshes),
            inlay_hint=types.InlayHintWorkspaceClientCapabilities(refresh_support=refreshes),
        ),
        window=types.WindowClientCapabilities(
            show_message=types.ShowMessageRequestClientCapabilities(), work_done_progress=True
        ),
    )


REFRESHED = (types.WORKSPACE_CODE_LENS_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH)


def refreshes(client: LanguageClient) -> Counter[str]:
    """How often the client was told to ask again for what is put into the text."""
    if not hasattr(client, "refreshes"):
        counts: Counter[str] = Counter()
        client.refreshes = counts  # type: ignore[attr-defined]
        for method in REFRESHED:
            client.feature(method)(lambda params, method=method: counts.update([method]))
    found: Counter[str] = client.refreshes  # type: ignore[attr-defined]
    return found


def command(name: str, *arguments: Any) -> types.ExecuteCommandParams:
    return types.ExecuteCommandParams(f"numpyroLint.{name}", list(arguments))


async def begin(
    client: LanguageClient,
    folder: Path,
    able: types.ClientCapabilities,
    *,
    trusted: bool = False,
    folders: Sequence[Path] = (),
    **settings: Any,
) -> types.InitializeResult:
    """Initializes a session in a folder or several, with models traced by this Python."""
    settings = {"python": sys.executable, **settings}
    refreshes(client)
    return await client.initialize_session(
        types.InitializeParams(
            capabilities=able,
            root_uri=folder.as_uri(),
            workspace_folders=[
                types.WorkspaceFolder(each.as_uri(), each.name) for each in folders or (folder,)
            ],
            initialization_options={"trusted": trusted, "settings": settings},
        )
    )


class Editor:
    """One open file."""

    def __init__(self, client: LanguageClient, path: Path, text: str) -> None:
        self.client, self.path, self.text = client, path, text
        self.uri = path.as_uri()
        self.version = 1
        client.diagnostics.pop(self.uri, None)
        item = types.TextDocumentItem(self.uri, "python", self.version, text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, text: str) -> None:
        """Replaces the whole text."""
        self.text = text
        self.send(types.TextDocumentContentChangeWholeDocument(text))

    def send(self, *changes: types.TextDocumentContentChangeEvent) -> None:
        self.version += 1
        identifier = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, list(changes))
        )

    def save(self) -> None:
        identifier = types.TextDocumentIdentifier(self.uri)
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(identifier))

    def close(self) -> None:
        identifier = types.TextDocumentIdentifier(self.uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    async def pushed(self, test: Callable[[Found], bool]) -> Found:
        """The findings that the server has sent, once they pass a test."""
        await until(lambda: self.uri in self.client.diagnostics and test(self.sent))
        return self.sent

    @property
    def sent(self) -> Found:
        return list(self.client.diagnostics[self.uri])

    async def pull(self, previous: str | None = None) -> Any:
        return await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(self.uri), previous_result_id=previous
            )
        )

    async def pulled(self, test: Callable[[Found], bool]) -> Found:
        """The findings that the server gives, once they pass a test."""
        end = time.monotonic() + PATIENCE
        while not test(found := (await self.pull()).items):
            assert time.monotonic() < end, "nothing of the kind is found"
            await asyncio.sleep(0.01)
        return list(found)

    async def actions(self, place: types.Range, kind: str | None = None) -> list[types.CodeAction]:
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.uri),
                place,
                types.CodeActionContext([], only=[kind] if kind else None),
            )
        )
        return [each for each in found or [] if isinstance(each, types.CodeAction)]

    def after(self, action: types.CodeAction) -> str:
        """The text after a code action, of ASCII text and UTF-16 positions."""
        assert action.edit is not None
        assert action.edit.document_changes is not None
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == self.version
        lines = self.text.splitlines(keepends=True)
        starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
        text = self.text
        for edit in reversed(change.edits):
            assert isinstance(edit, types.TextEdit)
            start = starts[edit.range.start.line] + edit.range.start.character
            end = starts[edit.range.end.line] + edit.range.end.character
            text = text[:start] + edit.new_text + text[end:]
        return text


def rules(found: Found) -> list[str]:
    return sorted(str(each.code) for each in found)


def has(rule: str) -> Callable[[Found], bool]:
    return lambda found: rule in rules(found)


def has_not(rule: str) -> Callable[[Found], bool]:
    return lambda found: rule not in rules(found)


async def until(test: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not test():
        assert time.monotonic() < end, "nothing of the kind has happened"
        await asyncio.sleep(0.01)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that live."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in listing.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == pid and not row[2].startswith("Z")]


def lives(pid: int) -> bool:
    """Whether a process lives, wherever it hangs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def process_of(client: LanguageClient) -> int:
    server = client._server
    assert server is not None
    return server.pid
