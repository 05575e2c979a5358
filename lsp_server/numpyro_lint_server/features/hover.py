"""`textDocument/hover`: what is known of a site, of a handler and its keys, of a rule."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from numpyro_lint.editor.hover import hover
from numpyro_lint_server.asking import asked
from numpyro_lint_server.server import Server


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    about = await asked(ls, params.text_document, params.position)
    if about is None:
        return None
    found = await asyncio.to_thread(hover, about.report, about.offset)
    if found is None:
        return None
    text = types.MarkupContent(types.MarkupKind.Markdown, found.text)
    return types.Hover(text, about.range(found.span))


def register(server: Server) -> None:
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
