"""`textDocument/documentSymbol`: models and their sites, with the plates as parents."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from numpyro_lint.editor.outline import Entry, outline
from numpyro_lint_server.asking import Asked, asked
from numpyro_lint_server.server import Server

_KINDS = {
    "sample": types.SymbolKind.Variable,
    "deterministic": types.SymbolKind.Constant,
    "factor": types.SymbolKind.Operator,
    "param": types.SymbolKind.Field,
    "plate": types.SymbolKind.Namespace,
}


async def _symbols(ls: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    about = await asked(ls, params.text_document)
    if about is None:
        return []
    found = await asyncio.to_thread(outline, about.report.context)
    uri = params.text_document.uri
    return [_symbol(about, each) for each in found if about.document.uri_of(each.span) == uri]


def _symbol(about: Asked, entry: Entry) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        entry.name,
        _KINDS.get(entry.kind, types.SymbolKind.Function),
        about.range(entry.span),
        about.range(entry.name_span),
        detail=entry.detail or entry.kind,
        children=[_symbol(about, each) for each in entry.inside],
    )


def register(server: Server) -> None:
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(_symbols)
