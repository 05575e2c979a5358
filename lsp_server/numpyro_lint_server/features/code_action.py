"""`textDocument/codeAction`: the fixes of the findings at a place."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from numpyro_lint.diagnostic import Applicability, Diagnostic, Fix
from numpyro_lint_server import present
from numpyro_lint_server.convert import span_of
from numpyro_lint_server.documents import Document
from numpyro_lint_server.fixes import fixes
from numpyro_lint_server.server import Server


async def _code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = ls.document_of(params.text_document.uri)
    if document is None or not _wants_fixes(params.context):
        return []
    reading = await ls.read(document)
    cell = document.cell_of(params.text_document.uri)
    place = span_of(reading.source, params.range, ls.publisher.encoding, cell)
    found = await asyncio.to_thread(lambda: list(fixes(reading, place)))
    if reading.source is not document.source:
        return []
    return [_action(ls, document, finding, fix) for finding, fix in found]


def _wants_fixes(context: types.CodeActionContext) -> bool:
    return context.only is None or any(
        kind in ("", types.CodeActionKind.QuickFix) for kind in context.only
    )


def _action(ls: Server, document: Document, finding: Diagnostic, fix: Fix) -> types.CodeAction:
    encoding = ls.publisher.encoding
    return types.CodeAction(
        fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[present.diagnostic(document, finding, encoding)],
        is_preferred=True if fix.applicability is Applicability.SAFE else None,
        edit=present.workspace_edit(ls, [(document.source, fix.edits)]),
    )


def register(server: Server) -> None:
    options = types.CodeActionOptions([types.CodeActionKind.QuickFix])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_code_action)
