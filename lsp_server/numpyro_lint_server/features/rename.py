"""`textDocument/rename`: a site under another name, with every key that means it."""

from __future__ import annotations

import asyncio

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from numpyro_lint.diagnostic import Fix
from numpyro_lint.editor.occurrences import NoRename, rename, renamed
from numpyro_lint_server import present
from numpyro_lint_server.asking import asked
from numpyro_lint_server.server import Server


async def _prepare(
    ls: Server, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    about = await asked(ls, params.text_document, params.position)
    if about is None:
        return None
    try:
        span, name = await asyncio.to_thread(renamed, about.report.context, about.offset)
    except NoRename as error:
        raise JsonRpcInvalidParams(str(error)) from None
    return types.PrepareRenamePlaceholder(about.range(span), name)


async def _rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    about = await asked(ls, params.text_document, params.position)
    if about is None:
        return None
    context, offset = about.report.context, about.offset
    try:
        edits = await asyncio.to_thread(rename, context, offset, params.new_name)
    except NoRename as error:
        raise JsonRpcInvalidParams(str(error)) from None
    fix = Fix(f"Rename to '{params.new_name}'", edits)
    versions = present.versions_of(ls, about.document)
    return present.workspace_edit(about.document, fix, ls.publisher.encoding, versions)


def register(server: Server) -> None:
    options = types.RenameOptions(prepare_provider=True)
    server.feature(types.TEXT_DOCUMENT_RENAME, options)(_rename)
    server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)(_prepare)
