"""Sites of a project over the protocol: one file is open, and others name the same site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import LanguageClient
from server.support import Editor, begin, capabilities, has, has_not, server_config

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEAD = """\
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
"""
LINE = f"""{HEAD}

def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)
"""
HELD = f"""{HEAD}from line import model

held = handlers.condition(model, data={{"slope": 0.5}})
"""
CELLS = [f"{HEAD}from line import model", "# '🧪'\nheld = handlers.do(model, {'slope': 1.0})"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {"pyproject.toml": "", "line.py": LINE, "held.py": HELD}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def notebook(folder: Path) -> Path:
    cells = [{"cell_type": "code", "source": each} for each in CELLS]
    (folder / "trial.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    return folder / "trial.ipynb"


def at(editor: Editor, word: str) -> dict[str, Any]:
    before = editor.text[: editor.text.index(word) + 1]
    line = before.count("\n")
    position = types.Position(line, len(before) - before.rfind("\n") - 1)
    return {"text_document": types.TextDocumentIdentifier(editor.uri), "position": position}


async def renamed(client: LanguageClient, editor: Editor, word: str) -> dict[str, Any]:
    """The changes of a rename, by address: their version and texts."""
    edit = await client.text_document_rename_async(
        types.RenameParams(new_name="gradient", **at(editor, word))
    )
    assert edit is not None
    changes = edit.document_changes or ()
    assert all(isinstance(each, types.TextDocumentEdit) for each in changes)
    return {
        each.text_document.uri: (
            each.text_document.version,
            [(text.new_text, text.range.start.line) for text in each.edits],
        )
        for each in changes
    }


async def test_a_site_is_renamed_in_files_that_are_open_and_closed(
    push: LanguageClient, project: Path
) -> None:
    line, held = (project / "line.py").as_uri(), (project / "held.py").as_uri()
    editor = Editor(push, project / "line.py", LINE)
    name, key = LINE[: LINE.index('"slope"')].count("\n"), HELD[: HELD.index('"slope"')].count("\n")
    assert await renamed(push, editor, '"slope"') == {
        line: (1, [("gradient", name)]),
        held: (None, [("gradient", key)]),
    }
    # What is open counts as it is there: not yet saved, a line further down.
    other = Editor(push, project / "held.py", HELD)
    other.type(f"# more\n{HELD}")
    for asked in (editor, other):
        assert await renamed(push, asked, '"slope"') == {
            line: (1, [("gradient", name)]),
            held: (2, [("gradient", key + 1)]),
        }
    found = await push.text_document_references_async(
        types.ReferenceParams(
            context=types.ReferenceContext(include_declaration=False), **at(editor, '"slope"')
        )
    )
    assert [(each.uri, each.range.start.line) for each in found or ()] == [(held, key + 1)]
    (site,) = await push.text_document_definition_async(
        types.DefinitionParams(**at(other, '"slope"'))
    )
    assert (site.uri, site.range.start.line) == (line, name)
    other.close()
    editor.close()


async def test_a_notebook_is_changed_where_it_is_open(push: LanguageClient, project: Path) -> None:
    path = notebook(project)
    (project / "held.py").unlink()
    editor = Editor(push, project / "line.py", LINE)
    with pytest.raises(JsonRpcException, match=r"trial\.ipynb names it too: open this notebook"):
        await renamed(push, editor, '"slope"')
    everywhere = types.ReferenceParams(
        context=types.ReferenceContext(include_declaration=False), **at(editor, '"slope"')
    )
    (found,) = await push.text_document_references_async(everywhere) or ()
    assert (found.uri, found.range.start) == (path.as_uri(), types.Position(0, 0))
    names = [f"{path.as_uri().replace('file:', 'vscode-notebook-cell:')}#{n}" for n in range(2)]
    push.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(
                path.as_uri(),
                "jupyter-notebook",
                1,
                [types.NotebookCell(types.NotebookCellKind.Code, name) for name in names],
            ),
            [
                types.TextDocumentItem(name, "python", 1, text)
                for name, text in zip(names, CELLS, strict=True)
            ],
        )
    )
    changes = await renamed(push, editor, '"slope"')
    assert changes[names[1]] == (1, [("gradient", 1)])
    editor.close()


async def test_a_project_of_too_many_files_is_not_renamed_in_part(
    push: LanguageClient, project: Path
) -> None:
    editor = Editor(push, project / "line.py", LINE)
    for number in range(2000):
        (project / f"data_{number}.py").touch()
    with pytest.raises(JsonRpcException, match="more files than can be looked through"):
        await renamed(push, editor, '"slope"')
    editor.close()


async def test_another_file_s_sites_are_offered(push: LanguageClient, project: Path) -> None:
    editor = Editor(push, project / "held.py", HELD)
    await editor.pushed(has_not("invalid-syntax"))
    line = 'more = handlers.do(held, {"'
    editor.type(f"{HELD}{line}")
    position = types.Position(HELD.count("\n"), len(line))
    found = await push.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(editor.uri), position)
    )
    assert isinstance(found, types.CompletionList)
    assert [each.label for each in found.items] == ["slope", "y"]
    # Of a file that is open, what is not yet saved is offered as well.
    model = Editor(push, project / "line.py", LINE.replace('"slope"', '"gradient"'))
    found = await push.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(editor.uri), position)
    )
    assert isinstance(found, types.CompletionList)
    assert [each.label for each in found.items] == ["gradient", "y"]
    model.close()
    editor.close()


async def test_what_is_saved_is_seen_where_it_is_imported(
    push: LanguageClient, project: Path
) -> None:
    held = Editor(push, project / "held.py", HELD)
    model = Editor(push, project / "line.py", LINE)
    assert await held.pushed(has_not("unknown-site-in-handler")) == []
    model.type(LINE.replace('"slope"', '"gradient"'))
    model.save()
    (found,) = await held.pushed(has("unknown-site-in-handler"))
    assert "'slope'" in found.message
    model.type(LINE)
    model.save()
    await held.pushed(has_not("unknown-site-in-handler"))
    model.close()
    held.close()


async def test_what_is_saved_is_seen_where_the_file_was_traced(
    push_trusted: LanguageClient, project: Path
) -> None:
    client = push_trusted
    held = Editor(client, project / "held.py", HELD)
    asked = types.ExecuteCommandParams("numpyroLint.trace", [{"uri": held.uri}])
    await client.workspace_execute_command_async(asked)
    model = Editor(client, project / "line.py", LINE.replace('"slope"', '"gradient"'))
    model.save()
    await held.pushed(has("unknown-site-in-handler"))
    model.close()  # what was typed was never written
    await held.pushed(has_not("unknown-site-in-handler"))
    held.close()


async def test_sites_are_symbols_of_the_workspace(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for path, text in {
        first / "pyproject.toml": "",
        first / "src" / "line.py": LINE,
        first / "other.py": "slope = 1",
        first / ".venv" / "lib" / "model.py": LINE,
        second / "held.py": HELD,
        second / "two.py": LINE.replace('"slope"', '"steepness"'),
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    notebook(second)
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    await begin(client, first, capabilities(), folders=(first, second))

    async def found(query: str) -> set[tuple[str, str, str | None]]:
        symbols = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query))
        return {
            (Path(each.location.uri).name, each.name, each.container_name) for each in symbols or ()
        }

    assert await found("") == {
        ("line.py", "model", None),
        ("line.py", "slope", "model"),
        ("line.py", "y", "model"),
        ("two.py", "model", None),
        ("two.py", "steepness", "model"),
        ("two.py", "y", "model"),
    }
    assert await found("SLP") == {("line.py", "slope", "model")}
    # What is typed counts, and what is written by others.
    editor = Editor(client, first / "src" / "line.py", LINE)
    editor.type(LINE.replace('"slope"', '"gradient"'))
    (second / "two.py").write_text(LINE.replace('"slope"', '"grade"'))
    assert {name for _, name, _ in await found("grad")} == {"gradient", "grade"}
    (second / "two.py").unlink()
    assert {name for _, name, _ in await found("grad")} == {"gradient"}
    await client.shutdown_session()
    await client.stop()
