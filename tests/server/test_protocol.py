"""What the server puts up with."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient
from server.support import (
    MISSPELT,
    Editor,
    begin,
    capabilities,
    has,
    has_not,
    rules,
    server_config,
    until,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def still_works(client: LanguageClient, folder: Path) -> None:
    editor = Editor(client, folder / "works.py", MISSPELT)
    assert rules(await editor.pushed(has("unknown-site-in-handler")))
    editor.close()


async def test_nonsense_is_put_up_with(push: LanguageClient, workspace: Path) -> None:
    with pytest.raises(Exception, match="Not Found"):
        await push.protocol.send_request_async("numpyroLint/nothing", {})
    push.protocol.notify("numpyroLint/nothing", [1, 2])
    push.protocol.notify("numpyroLint/trust", [True])
    server = push._server
    assert server is not None
    assert server.stdin is not None
    for body in (b"{", b"[]", b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": 3}'):
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    unknown = types.VersionedTextDocumentIdentifier(3, "file:///nowhere/there.py")
    change = types.TextDocumentContentChangeWholeDocument("x")
    push.text_document_did_change(types.DidChangeTextDocumentParams(unknown, [change]))
    await still_works(push, workspace)


@pytest.mark.parametrize("text", ["\x00numpyro", "numpyro \ud800", "numpyro = (" * 300, "numpyro"])
async def test_odd_texts_are_put_up_with(push: LanguageClient, workspace: Path, text: str) -> None:
    editor = Editor(push, workspace / "odd.py", text)
    await editor.pushed(lambda found: True)
    editor.close()


async def test_configuration_is_read_and_its_errors_are_said(tmp_path: Path) -> None:
    config = tmp_path / "numpyro-lint.toml"
    config.write_text('ignore = ["unknown-site-in-handler"]\n')
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    await begin(client, tmp_path, capabilities(), trace="sometimes")
    assert any("'trace' must be one of" in each.message for each in client.messages)
    editor = Editor(client, tmp_path / "configured.py", MISSPELT)
    assert rules(await editor.pushed(lambda found: True)) == []
    config.write_text("ignore = 3\n")
    editor.save()
    await editor.pushed(has("unknown-site-in-handler"))
    told = [each for each in client.messages if each.type is types.MessageType.Error]
    assert len(told) == 1
    assert str(config) in told[0].message
    config.write_text("")
    client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"numpyroLint": {"ignore": ["handlers"]}})
    )
    await editor.pushed(has_not("unknown-site-in-handler"))
    client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"numpyroLint": {}})
    )
    await editor.pushed(has("unknown-site-in-handler"))
    server = client._server
    client.exit(None)
    assert server is not None
    await until(lambda: server.returncode is not None)
    assert server.returncode == 1
    await client.stop()
