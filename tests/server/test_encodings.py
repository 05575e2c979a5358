"""Places as the client counts them: bytes, code units or code points, with an emoji before them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient
from server.support import Editor, begin, capabilities, command, has, has_not, server_config

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.trace]

TEXT = """\
import numpyro
import numpyro.distributions as dist
from numpyro import handlers


def model(y=None):
    é = "🧪"; slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


é = "🧪"; held = handlers.condition(model, data={"slop": 0.5})
handlers.trace(handlers.seed(model, 0)).get_trace()
"""
LINES = TEXT.splitlines()
SITE, KEY = 6, 10


def width(text: str, encoding: str) -> int:
    """How many units a text has."""
    if encoding == "utf-32":
        return len(text)
    return len(text.encode(encoding.replace("16", "16-le"))) // (2 if encoding == "utf-16" else 1)


def place(line: int, word: str, encoding: str) -> types.Range:
    start = LINES[line].index(word)
    before = width(LINES[line][:start], encoding)
    end = before + width(word, encoding)
    return types.Range(types.Position(line, before), types.Position(line, end))


def changes(edit: types.WorkspaceEdit | None, editor: Editor) -> list[types.TextEdit]:
    """What an edit changes in one file."""
    assert edit is not None
    assert edit.changes is not None
    assert list(edit.changes) == [editor.uri]
    return list(edit.changes[editor.uri])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_all_places_are_in_the_client_s_units(tmp_path: Path, encoding: str) -> None:
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    able = capabilities()
    able.general = types.GeneralClientCapabilities(position_encodings=[encoding])
    able.workspace = None
    result = await begin(client, tmp_path, able, trusted=True)
    assert result.capabilities.position_encoding == encoding
    editor = Editor(client, tmp_path / "emoji.py", TEXT)
    (found,) = await editor.pushed(has("unknown-site-in-handler"))
    assert found.range == place(KEY, '"slop"', encoding)
    identifier = types.TextDocumentIdentifier(editor.uri)
    name = place(SITE, '"slope"', encoding)

    hover = await client.text_document_hover_async(types.HoverParams(identifier, name.end))
    assert hover is not None
    assert hover.range == name

    edit = await client.text_document_rename_async(
        types.RenameParams(new_name="gradient", text_document=identifier, position=name.start)
    )
    # The name alone changes, between its quotation marks.
    first, last = name.start.character + 1, name.end.character - 1
    line = name.start.line
    bare = types.Range(types.Position(line, first), types.Position(line, last))
    assert changes(edit, editor) == [types.TextEdit(bare, "gradient")]

    (action, _) = await editor.actions(found.range)
    assert changes(action.edit, editor) == [types.TextEdit(found.range, '"slope"')]

    within = types.Position(KEY, found.range.start.character + 1)
    offered = await client.text_document_completion_async(
        types.CompletionParams(identifier, within)
    )
    assert isinstance(offered, types.CompletionList)
    edits = [each.text_edit for each in offered.items]
    assert edits[0] == types.TextEdit(place(KEY, "slop", encoding), "slope")

    traced = command("trace", {"uri": editor.uri, "model": "model"})
    model = await client.workspace_execute_command_async(traced)
    column = LINES[SITE].index("numpyro") + 1
    assert model["trace"]["sites"][0]["column"] == column
    everything = types.Range(types.Position(0, 0), types.Position(99, 0))
    hints = await client.text_document_inlay_hint_async(
        types.InlayHintParams(identifier, everything)
    )
    call = LINES[SITE][LINES[SITE].index("numpyro") :]
    assert (hints or ())[0].position == place(SITE, call, encoding).end

    # A change in the middle of the line is put where the client has it.
    editor.send(types.TextDocumentContentChangePartial(found.range, '"slope"'))
    assert await editor.pushed(has_not("unknown-site-in-handler")) == []
    await client.shutdown_session()
    await client.stop()
