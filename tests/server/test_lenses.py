"""What is put into the text: commands over models, and what the trace shows after sites."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient
from server.support import EXAMPLES, REFRESHED, Editor, command, refreshes, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

EIGHT = (EXAMPLES / "eight_schools.py").read_text()


async def lenses(client: LanguageClient, editor: Editor) -> list[tuple[str, str, Any, int]]:
    asked = types.CodeLensParams(types.TextDocumentIdentifier(editor.uri))
    found = await client.text_document_code_lens_async(asked)
    return [
        (c.title, c.command, list(c.arguments or ()), each.range.start.line)
        for each in found or ()
        if (c := each.command) is not None
    ]


async def hints(client: LanguageClient, editor: Editor, first: int = 0) -> list[str]:
    place = types.Range(types.Position(first, 0), types.Position(999, 0))
    asked = types.InlayHintParams(types.TextDocumentIdentifier(editor.uri), place)
    found = await client.text_document_inlay_hint_async(asked)
    return [f"{each.position.line}: {each.label}" for each in found or ()]


async def test_without_trust_a_graph_is_offered(push: LanguageClient, workspace: Path) -> None:
    editor = Editor(push, workspace / "lenses.py", EIGHT)
    line = EIGHT[: EIGHT.index("def eight")].count("\n")
    asked = [{"uri": editor.uri, "model": "eight_schools"}]
    assert await lenses(push, editor) == [("Model graph", "numpyroLint.graph", asked, line)]
    assert await hints(push, editor) == []
    editor.type(EIGHT + "(")
    assert [title for title, *_ in await lenses(push, editor)] == ["Model graph"]
    editor.close()


@pytest.mark.trace
async def test_with_trust_there_are_all(pull: LanguageClient, workspace: Path) -> None:
    before = dict(refreshes(pull))
    editor = Editor(pull, workspace / "lenses.py", EIGHT)
    await until(lambda: all(refreshes(pull)[each] > before.get(each, 0) for each in REFRESHED))
    found = await lenses(pull, editor)
    assert [title for title, *_ in found] == ["Trace now", "Model graph", "Verify"]
    model = await pull.workspace_execute_command_async(
        types.ExecuteCommandParams(found[0][1], found[0][2])
    )
    assert model["name"] == "eight_schools"
    line = found[0][3]
    assert await hints(pull, editor) == [
        f"{line + 1}: ()",
        f"{line + 2}: ()",
        f"{line + 3}: size 8, dim -1",
        f"{line + 5}: (8,) in J",
        f"{line + 6}: (8,) observed in J",
    ]
    assert await hints(pull, editor, line + 6) == [f"{line + 6}: (8,) observed in J"]
    # Hidden rather than wrong, where the text has moved on.
    editor.type(EIGHT + "# more\n")
    assert await hints(pull, editor) == []
    editor.type(EIGHT)
    assert len(await hints(pull, editor)) == 5
    editor.close()


@pytest.mark.trace
async def test_in_a_notebook_each_cell_has_its_own(pull: LanguageClient, workspace: Path) -> None:
    uri = (workspace / "lenses.ipynb").as_uri()
    names = [f"{uri.replace('file:', 'vscode-notebook-cell:')}#{number}" for number in range(2)]
    head, _, tail = EIGHT.partition("def main():")
    cells = [types.NotebookCell(types.NotebookCellKind.Code, name) for name in names]
    texts = zip(names, (head, f"def main():{tail}"), strict=True)
    pull.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(uri, "jupyter-notebook", 1, cells),
            [types.TextDocumentItem(name, "python", 1, text) for name, text in texts],
        )
    )
    asked = command("trace", {"uri": names[0], "model": "eight_schools"})
    assert (await pull.workspace_execute_command_async(asked))["trace"]["status"] == "ok"
    for name, count in zip(names, (5, 0), strict=True):
        identifier = types.TextDocumentIdentifier(name)
        place = types.Range(types.Position(0, 0), types.Position(99, 0))
        found = await pull.text_document_inlay_hint_async(types.InlayHintParams(identifier, place))
        assert len(found or ()) == count
        shown = await pull.text_document_code_lens_async(types.CodeLensParams(identifier))
        assert len(shown or ()) == (3 if count else 0)
