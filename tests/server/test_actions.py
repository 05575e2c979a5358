"""Code actions: what the client is offered, and what becomes of the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient
from server.support import EXAMPLES, MISSPELT, Editor, has, has_not, rules

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_funnel_is_decentred(push: LanguageClient, workspace: Path) -> None:
    text = (EXAMPLES / "eight_schools.py").read_text()
    editor = Editor(push, workspace / "funnel.py", text)
    (funnel,) = await editor.pushed(has("funnel"))
    assert funnel.related_information
    action, ignoring = await editor.actions(funnel.range)
    assert ignoring.title == "Ignore funnel here"
    assert action.title == "Reparameterise 'theta' (non-centred)"
    assert action.kind == types.CodeActionKind.QuickFix
    assert not action.is_preferred
    assert list(action.diagnostics or ()) == [funnel]
    editor.type(editor.after(action))
    assert rules(await editor.pushed(has_not("funnel"))) == []
    assert "def eight_schools" in editor.text
    editor.close()


async def test_a_finding_s_fix_is_offered_where_it_stands(
    push: LanguageClient, workspace: Path
) -> None:
    editor = Editor(push, workspace / "fix.py", MISSPELT)
    (found,) = await editor.pushed(has("unknown-site-in-handler"))
    elsewhere = types.Range(types.Position(0, 0), types.Position(0, 0))
    assert await editor.actions(elsewhere) == []
    assert await editor.actions(found.range, "refactor.extract") == []
    action, ignoring = await editor.actions(found.range, "quickfix")
    editor.type(editor.after(ignoring))
    comment = "  # numpyro-lint: ignore[unknown-site-in-handler]\n"
    assert editor.text == f"{MISSPELT.rstrip()}{comment}"
    assert await editor.pushed(has_not("unknown-site-in-handler")) == []
    editor.type(MISSPELT)
    (found,) = await editor.pushed(has("unknown-site-in-handler"))
    action, _ = await editor.actions(found.range, "quickfix")
    editor.type(editor.after(action))
    assert editor.text == MISSPELT.replace('"slop"', '"slope"')
    await editor.pushed(has_not("unknown-site-in-handler"))
    editor.close()


async def test_broken_text_has_no_actions(push: LanguageClient, workspace: Path) -> None:
    text = (EXAMPLES / "eight_schools.py").read_text()
    editor = Editor(push, workspace / "broken_funnel.py", text)
    (funnel,) = await editor.pushed(has("funnel"))
    editor.type(text + "(")
    found = await editor.pushed(has("invalid-syntax"))
    assert "funnel" in rules(found)
    assert [each.title for each in await editor.actions(funnel.range)] == []
    editor.close()


async def test_a_file_is_mended_as_a_whole(push: LanguageClient, workspace: Path) -> None:
    text = MISSPELT + 'more = handlers.do(model, data={"slopes": 1.0})\n'
    run = "handlers.trace(model).get_trace()\n"
    editor = Editor(push, workspace / "whole.py", text + run)
    first, *_ = await editor.pushed(has("unseeded-model"))
    offered = await editor.actions(first.range)
    titles = [each.title for each in offered]
    assert titles == [
        "Change 'slop' to 'slope'",
        "Fix all unknown-site-in-handler",
        "Ignore unknown-site-in-handler here",
    ]
    assert (
        editor.after(offered[1]) == text.replace('slop"', 'slope"').replace("slopes", "slope") + run
    )
    for kind in ("source", "source.fixAll", "source.fixAll.numpyroLint"):
        (every,) = await editor.actions(first.range, kind)
        assert every.kind == "source.fixAll.numpyroLint"
        assert editor.after(every) == text + run.replace(
            "(model)", "(handlers.seed(model, rng_seed=0))"
        )
    editor.type(text)
    await editor.pushed(has_not("unseeded-model"))
    assert await editor.actions(first.range, "source.fixAll") == []
    editor.close()


async def test_what_no_finding_asks_for_is_offered(push: LanguageClient, workspace: Path) -> None:
    text = MISSPELT.replace('"slop"', '"slope"').replace(", obs=y", "")
    editor = Editor(push, workspace / "blind.py", text)
    assert await editor.pushed(lambda found: True) == []
    line = text[: text.index("def model")].count("\n")
    here = types.Range(types.Position(line, 6), types.Position(line, 6))
    (action,) = await editor.actions(here, "refactor")
    assert (action.title, action.kind) == ("Observe 'y': add obs=y", "refactor.rewrite")
    assert editor.after(action) == MISSPELT.replace('"slop"', '"slope"')
    assert await editor.actions(here, "quickfix") == []
    editor.close()
