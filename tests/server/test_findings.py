"""Findings as text is opened, typed, saved and closed, sent or asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient
from server.support import EXAMPLES, MISSPELT, Editor, has, has_not, rules

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_finding_says_all_there_is(push: LanguageClient) -> None:
    path = EXAMPLES / "misspelt_key.py"
    editor = Editor(push, path, path.read_text())
    found, _ = await editor.pushed(has("unknown-site-in-handler"))
    assert found.source == "numpyro-lint"
    assert found.severity == types.DiagnosticSeverity.Error
    assert found.code_description is not None
    assert found.code_description.href.endswith("/rules/unknown-site-in-handler")
    lines = editor.text.splitlines()
    line = lines[found.range.start.line]
    assert line[found.range.start.character : found.range.end.character] == '"grow"'
    assert found.data == {
        "title": "Change 'grow' to 'growth'",
        "applicability": "unsafe",
        "edits": [
            {
                "path": str(path),
                "cell": None,
                "line": found.range.start.line + 1,
                "column": found.range.start.character + 1,
                "end_line": found.range.end.line + 1,
                "end_column": found.range.end.character + 1,
                "text": '"growth"',
            }
        ],
    }
    editor.close()
    assert await editor.pushed(lambda found: not found) == []


async def test_findings_follow_the_text(push: LanguageClient, workspace: Path) -> None:
    editor = Editor(push, workspace / "typed.py", MISSPELT)
    await editor.pushed(has("unknown-site-in-handler"))
    editor.type(MISSPELT.replace('"slop"', '"slope"'))
    assert rules(await editor.pushed(has_not("unknown-site-in-handler"))) == []
    editor.type(MISSPELT)
    await editor.pushed(has("unknown-site-in-handler"))
    editor.save()
    editor.close()


async def test_comments_and_configurations_hold_in_editors(
    push: LanguageClient, workspace: Path
) -> None:
    editor = Editor(push, workspace / "silenced.py", MISSPELT)
    await editor.pushed(has("unknown-site-in-handler"))
    comment = "  # numpyro-lint: ignore[unknown-site-in-handler]\n"
    editor.type(MISSPELT.rstrip("\n") + comment)
    assert await editor.pushed(has_not("unknown-site-in-handler")) == []
    # Of a rule that a trace may still bear out, nobody can say this from the text alone.
    other = comment.replace("unknown-site-in-handler", "handler-order")
    editor.type(MISSPELT.replace('"slop"', '"slope"').rstrip("\n") + other)
    (unused,) = await editor.pushed(has("unused-suppression"))
    assert unused.severity == types.DiagnosticSeverity.Information
    editor.close()
    configuration = workspace / "numpyro-lint.toml"
    configuration.write_text('[severity]\nunknown-site-in-handler = "warning"\n')
    try:
        editor = Editor(push, workspace / "configured.py", MISSPELT)
        (found,) = await editor.pushed(has("unknown-site-in-handler"))
        assert found.severity == types.DiagnosticSeverity.Warning
        editor.close()
    finally:
        configuration.unlink()


async def test_changes_are_applied_by_the_client_s_own_count(
    push: LanguageClient, workspace: Path
) -> None:
    """A form feed ends no line, an emoji is two units, past the end of a line is its end."""
    text = MISSPELT.replace("fixed =", "# \f\u2028 a page\nicon = '🧪'; fixed =").rstrip("\n")
    editor = Editor(push, workspace / "changed.py", text)
    (found,) = await editor.pushed(has("unknown-site-in-handler"))
    last = text.replace("\f", "").replace("\u2028", "").count("\n")
    assert found.range.start.line == last
    key = "icon = '🧪'; fixed = handlers.condition(model, data={"
    assert found.range.start.character == len(key) + 1
    place = types.Range(
        types.Position(last, found.range.start.character + 1), types.Position(last, 999)
    )
    editor.send(types.TextDocumentContentChangePartial(place, "slope': 0.5})"))
    await editor.pushed(has("invalid-syntax"))
    quote = types.Range(found.range.start, types.Position(last, found.range.start.character + 1))
    editor.send(types.TextDocumentContentChangePartial(quote, "'"))
    assert rules(await editor.pushed(has_not("invalid-syntax"))) == []
    editor.close()


async def test_in_broken_text_the_rest_is_still_told(push: LanguageClient, workspace: Path) -> None:
    editor = Editor(push, workspace / "broken.py", MISSPELT)
    (before,) = await editor.pushed(has("unknown-site-in-handler"))
    editor.type(MISSPELT.replace("obs=y)", "obs=y\n    # a line more"))
    found = await editor.pushed(has("invalid-syntax"))
    assert rules(found) == ["invalid-syntax", "unknown-site-in-handler"]
    after = next(each for each in found if each.code == before.code)
    assert after.range.start.line == before.range.start.line + 1
    assert after.data is None
    editor.type(MISSPELT)
    await editor.pushed(has_not("invalid-syntax"))
    editor.close()


async def test_a_file_without_numpyro_has_no_findings(
    push: LanguageClient, workspace: Path
) -> None:
    editor = Editor(push, workspace / "other.py", "import os\n\nprint(os.sep)\n")
    assert await editor.pushed(lambda found: True) == []
    editor.close()


async def test_a_client_that_asks_is_not_sent_findings(
    pull: LanguageClient, workspace: Path
) -> None:
    editor = Editor(pull, workspace / "asked.py", MISSPELT)
    report = await editor.pull()
    assert rules(report.items) == ["unknown-site-in-handler"]
    again = await editor.pull(report.result_id)
    if again.kind == "full":
        # The trace has come in between, as it does once.
        again = await editor.pull(again.result_id)
    assert again.kind == "unchanged"
    editor.type(MISSPELT.replace('"slop"', '"slope"'))
    assert rules((await editor.pull(report.result_id)).items) == []
    assert editor.uri not in pull.diagnostics
    editor.close()
    assert rules((await editor.pull()).items) == []


async def test_a_notebook_is_one_program(push: LanguageClient, workspace: Path) -> None:
    uri = (workspace / "models.ipynb").as_uri()
    head, tail = MISSPELT.split("fixed = ")
    texts = ["# A title", head, "%time fixed = 1", "fixed = " + tail.rstrip()]
    kinds = [types.NotebookCellKind.Markup, *[types.NotebookCellKind.Code] * 3]
    names = [f"{uri.replace('file:', 'vscode-notebook-cell:')}#{number}" for number in range(4)]
    push.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(
                uri,
                "jupyter-notebook",
                1,
                [types.NotebookCell(kind, name) for kind, name in zip(kinds, names, strict=True)],
            ),
            [
                types.TextDocumentItem(name, "python" if number else "markdown", 1, text)
                for number, (name, text) in enumerate(zip(names, texts, strict=True))
            ],
        )
    )
    cell = Part(push, names[3])
    (found,) = await cell.pushed(has("unknown-site-in-handler"))
    assert found.range.start.line == 0
    assert rules(push.diagnostics[names[1]]) == []
    change = types.TextDocumentContentChangePartial(found.range, '"slope"')
    push.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(
            types.VersionedNotebookDocumentIdentifier(2, uri),
            types.NotebookDocumentChangeEvent(
                cells=types.NotebookDocumentCellChanges(
                    text_content=[
                        types.NotebookDocumentCellContentChanges(
                            types.VersionedTextDocumentIdentifier(2, names[3]), [change]
                        )
                    ]
                )
            ),
        )
    )
    assert rules(await cell.pushed(has_not("unknown-site-in-handler"))) == []


class Part(Editor):
    """A cell of a notebook that is open."""

    def __init__(self, client: LanguageClient, uri: str) -> None:
        self.client, self.uri = client, uri
