"""`textDocument/inlayHint`: what the trace shows of sites, after their calls."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from numpyro_lint.editor.hints import hints
from numpyro_lint.text import Span
from numpyro_lint_server.asking import asked
from numpyro_lint_server.server import Server


async def _inlay_hint(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    about = await asked(ls, params.text_document, params.range)
    if about is None:
        return []
    found = await asyncio.to_thread(hints, about.report.context, about.span)
    return [
        types.InlayHint(
            about.range(Span(each.offset, each.offset)).start,
            each.text,
            kind=types.InlayHintKind.Type,
            padding_left=True,
        )
        for each in found
    ]


def register(server: Server) -> None:
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(_inlay_hint)
