"""`textDocument/completion`: the names of sites, in the strings that mean them."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from numpyro_lint.editor.complete import complete
from numpyro_lint_server.convert import offset_of, range_of
from numpyro_lint_server.server import Server


async def _completion(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    uri = params.text_document.uri
    document = ls.document_of(uri)
    if document is None:
        return None
    # The text as it is now: it need not be Python yet, and none has to be read first.
    source, encoding = document.source, ls.publisher.encoding
    offset = offset_of(source, params.position, encoding, document.cell_of(uri))
    found = await asyncio.to_thread(complete, source, offset, ls.project)
    if found is None:
        return None
    place = range_of(source, found.span, encoding)
    items = [
        types.CompletionItem(
            name,
            kind=types.CompletionItemKind.Value,
            detail=detail,
            sort_text=f"{number:04}",
            text_edit=types.TextEdit(place, name),
        )
        for number, (name, detail) in enumerate(zip(found.names, found.details, strict=True))
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def register(server: Server) -> None:
    options = types.CompletionOptions(trigger_characters=['"', "'"])
    server.feature(types.TEXT_DOCUMENT_COMPLETION, options)(_completion)
