"""`textDocument/rename`: a site under another name, with every key of the project that means it."""

from __future__ import annotations

import asyncio
import os

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams

from numpyro_lint.editor.across import rename
from numpyro_lint.editor.occurrences import NoRename, renamed
from numpyro_lint.importers import has_more
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
    around, context = ls.around, about.report.context
    try:
        if await asyncio.to_thread(has_more, about.report.source.path):
            raise NoRename("the project has more files than can be looked through for the name")
        found = await asyncio.to_thread(
            rename, context, about.offset, params.new_name, around.look, around.leading
        )
        for source, _ in found:
            if around.is_closed_notebook(source):
                raise NoRename(f"{source.path} names it too: open this notebook first")
    except NoRename as error:
        raise JsonRpcInvalidParams(str(error)) from None
    for source, _ in found:
        document = around.document(os.path.abspath(source.path))
        if document is not None and document.source.text != source.text:
            raise JsonRpcContentModified("the text has changed meanwhile: rename it again")
    return present.workspace_edit(ls, found)


def register(server: Server) -> None:
    options = types.RenameOptions(prepare_provider=True)
    server.feature(types.TEXT_DOCUMENT_RENAME, options)(_rename)
    server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)(_prepare)
