"""Where a site is made and named: `textDocument/definition`, `references`, `documentHighlight`."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from numpyro_lint.editor import across
from numpyro_lint.editor.occurrences import definitions, references
from numpyro_lint_server.asking import asked
from numpyro_lint_server.present import location
from numpyro_lint_server.server import Server


async def _definition(ls: Server, params: types.DefinitionParams) -> list[types.Location]:
    about = await asked(ls, params.text_document, params.position)
    if about is None:
        return []
    found = await asyncio.to_thread(definitions, about.report.context, about.offset)
    return [about.location(span) for span in found]


async def _references(ls: Server, params: types.ReferenceParams) -> list[types.Location]:
    about = await asked(ls, params.text_document, params.position)
    if about is None:
        return []
    around, declared = ls.around, params.context.include_declaration
    found = await asyncio.to_thread(
        across.references, about.report.context, about.offset, around.look, around.leading, declared
    )
    return [location(ls, source, span) for source, span in found]


async def _highlight(
    ls: Server, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight]:
    about = await asked(ls, params.text_document, params.position)
    if about is None:
        return []
    found = await asyncio.to_thread(references, about.report.context, about.offset)
    uri = params.text_document.uri
    here = (span for span in found if about.document.uri_of(span, about.report.source) == uri)
    return [types.DocumentHighlight(about.range(span)) for span in here]


def register(server: Server) -> None:
    server.feature(types.TEXT_DOCUMENT_DEFINITION)(_definition)
    server.feature(types.TEXT_DOCUMENT_REFERENCES)(_references)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)(_highlight)
