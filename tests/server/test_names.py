"""Sites over the protocol: hover, where they are made and named, another name, the outline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import LanguageClient
from server.support import Editor, has, rules

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = """\
import numpyro
import numpyro.distributions as dist
from numpyro import handlers


def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("rows", 3):
        numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


held = handlers.condition(model, data={"slope": 0.5})
"""
IN_SITE, IN_KEY = types.Position(6, 30), types.Position(11, 42)
NAMES = [
    types.Range(types.Position(6, 27), types.Position(6, 34)),
    types.Range(types.Position(11, 39), types.Position(11, 46)),
]


def place(editor: Editor, position: types.Position) -> dict[str, Any]:
    return {"text_document": types.TextDocumentIdentifier(editor.uri), "position": position}


async def test_a_key_is_hovered_and_leads_to_its_site(
    push: LanguageClient, workspace: Path
) -> None:
    editor = Editor(push, workspace / "names.py", TEXT)
    hover = await push.text_document_hover_async(types.HoverParams(**place(editor, IN_KEY)))
    assert hover is not None
    assert hover.range == NAMES[1]
    assert isinstance(hover.contents, types.MarkupContent)
    assert hover.contents.value.startswith("`condition` observes this site:")
    outside = types.HoverParams(**place(editor, types.Position(0, 0)))
    assert await push.text_document_hover_async(outside) is None
    (site,) = await push.text_document_definition_async(
        types.DefinitionParams(**place(editor, IN_KEY))
    )
    assert (site.uri, site.range) == (editor.uri, NAMES[0])
    for declared, ranges in ((True, NAMES), (False, NAMES[1:])):
        context = types.ReferenceContext(include_declaration=declared)
        found = await push.text_document_references_async(
            types.ReferenceParams(context=context, **place(editor, IN_SITE))
        )
        assert [each.range for each in found] == ranges
    marked = await push.text_document_document_highlight_async(
        types.DocumentHighlightParams(**place(editor, IN_SITE))
    )
    assert [each.range for each in marked] == NAMES
    editor.close()


async def test_a_site_is_renamed_everywhere(push: LanguageClient, workspace: Path) -> None:
    editor = Editor(push, workspace / "rename.py", TEXT)
    prepared = await push.text_document_prepare_rename_async(
        types.PrepareRenameParams(**place(editor, IN_KEY))
    )
    assert prepared.placeholder == "slope"
    assert (prepared.range.start.character, prepared.range.end.character) == (40, 45)
    edit = await push.text_document_rename_async(
        types.RenameParams(new_name="gradient", **place(editor, IN_KEY))
    )
    action = types.CodeAction("", edit=edit)
    assert editor.after(action) == TEXT.replace('"slope"', '"gradient"')
    with pytest.raises(JsonRpcException, match="'y' is the name of another site of the model"):
        await push.text_document_rename_async(
            types.RenameParams(new_name="y", **place(editor, IN_KEY))
        )
    nowhere = types.PrepareRenameParams(**place(editor, types.Position(0, 0)))
    with pytest.raises(JsonRpcException, match="here stands no name of a site"):
        await push.text_document_prepare_rename_async(nowhere)
    editor.close()


async def test_the_outline_has_plates_as_parents(push: LanguageClient, workspace: Path) -> None:
    editor = Editor(push, workspace / "outline.py", TEXT)
    (model,) = await push.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri))
    )
    assert (model.name, model.kind) == ("model", types.SymbolKind.Function)
    slope, rows = model.children
    assert (slope.name, slope.detail) == ("slope", "dist.Normal(0.0, 1.0)")
    assert [each.name for each in rows.children] == ["y"]
    assert rows.kind == types.SymbolKind.Namespace
    editor.close()


async def test_in_broken_text_nothing_is_renamed(push: LanguageClient, workspace: Path) -> None:
    editor = Editor(push, workspace / "broken_names.py", TEXT)
    editor.type(TEXT + "(")
    assert "invalid-syntax" in rules(await editor.pushed(has("invalid-syntax")))
    with pytest.raises(JsonRpcException, match="the file does not parse"):
        await push.text_document_rename_async(
            types.RenameParams(new_name="gradient", **place(editor, IN_SITE))
        )
    editor.close()


async def test_names_are_offered_in_broken_text(push: LanguageClient, workspace: Path) -> None:
    editor = Editor(push, workspace / "complete.py", TEXT)
    line = 'other = handlers.do(model, {"s'
    editor.type(f"{TEXT}{line}")
    position = types.Position(TEXT.count("\n"), len(line))
    found = await push.text_document_completion_async(
        types.CompletionParams(**place(editor, position))
    )
    assert isinstance(found, types.CompletionList)
    assert [each.label for each in found.items] == ["slope", "y"]
    first = found.items[0]
    assert first.detail == "dist.Normal(0.0, 1.0)"
    start = types.Position(position.line, len(line) - 1)
    assert first.text_edit == types.TextEdit(types.Range(start, position), "slope")
    nothing = types.CompletionParams(**place(editor, types.Position(0, 3)))
    assert await push.text_document_completion_async(nothing) is None
    editor.close()


async def test_in_a_notebook_names_go_from_cell_to_cell(
    push: LanguageClient, workspace: Path
) -> None:
    uri = (workspace / "names.ipynb").as_uri()
    head, key = TEXT.split("\n\n\nheld = ")
    names = [f"{uri.replace('file:', 'vscode-notebook-cell:')}#{number}" for number in range(2)]
    texts = [f"%matplotlib inline\n{head}", f"held = {key.rstrip()}"]
    cells = [types.NotebookCell(types.NotebookCellKind.Code, name) for name in names]
    push.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(uri, "jupyter-notebook", 1, cells),
            [
                types.TextDocumentItem(name, "python", 1, text)
                for name, text in zip(names, texts, strict=True)
            ],
        )
    )
    here = {
        "text_document": types.TextDocumentIdentifier(names[1]),
        "position": types.Position(0, IN_KEY.character),
    }
    (site,) = await push.text_document_definition_async(types.DefinitionParams(**here))
    below = types.Position(NAMES[0].start.line + 1, NAMES[0].start.character)
    assert (site.uri, site.range.start) == (names[0], below)
    edit = await push.text_document_rename_async(types.RenameParams(new_name="slant", **here))
    assert edit is not None
    assert edit.document_changes is not None
    assert [change.text_document.uri for change in edit.document_changes] == names
    (model,) = await push.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(names[0]))
    )
    assert model.name == "model"
    other = types.DocumentSymbolParams(types.TextDocumentIdentifier(names[1]))
    assert await push.text_document_document_symbol_async(other) == []
    position = types.Position(0, IN_KEY.character)
    found = await push.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(names[1]), position)
    )
    assert isinstance(found, types.CompletionList)
    assert [each.label for each in found.items] == ["slope", "y"]
