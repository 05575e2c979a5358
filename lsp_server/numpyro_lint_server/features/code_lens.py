"""`textDocument/codeLens`: what can be done with a model, above it."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from numpyro_lint.editor.lenses import lenses
from numpyro_lint_server.asking import asked
from numpyro_lint_server.server import Server


async def _code_lens(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    about = await asked(ls, params.text_document)
    if about is None:
        return []
    uri = params.text_document.uri
    found = await asyncio.to_thread(lenses, about.report, ls.tracing.allows(about.document))
    return [
        types.CodeLens(
            about.range(each.span),
            types.Command(
                each.title,
                f"numpyroLint.{each.command}",
                arguments=[{"uri": uri, "model": each.model}],
            ),
        )
        for each in found
        if about.document.uri_of(each.span) == uri
    ]


def register(server: Server) -> None:
    server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())(_code_lens)
