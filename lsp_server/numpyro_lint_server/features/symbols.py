"""Models and their sites: `textDocument/documentSymbol`, with the plates as parents, and
`workspace/symbol`, of all files.
"""

from __future__ import annotations

import asyncio

from lsprotocol import types

from numpyro_lint.editor.outline import Entry, outline
from numpyro_lint_server.asking import Asked, asked
from numpyro_lint_server.present import location
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


async def _workspace(
    ls: Server, params: types.WorkspaceSymbolParams
) -> list[types.WorkspaceSymbol]:
    found = await asyncio.to_thread(ls.around.symbols, params.query, ls.folders.paths)
    return [
        types.WorkspaceSymbol(
            location=location(ls, source, each.span),
            name=each.name,
            kind=_KINDS.get(each.kind, types.SymbolKind.Function),
            container_name=each.inside or None,
        )
        for source, each in found
    ]


def register(server: Server) -> None:
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(_symbols)
    server.feature(types.WORKSPACE_SYMBOL)(_workspace)
