"""`textDocument/codeAction`: the fixes of the findings at a place, and what else can be done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from lsprotocol import types

from numpyro_lint.diagnostic import Applicability, Diagnostic, Fix
from numpyro_lint.editor.refactors import refactors
from numpyro_lint.text import Span
from numpyro_lint_server import present
from numpyro_lint_server.analysis import Reading
from numpyro_lint_server.convert import span_of
from numpyro_lint_server.documents import Document
from numpyro_lint_server.fixes import fixes, fixes_of_rules, ignores, safe_fixes
from numpyro_lint_server.server import Server

_FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.numpyroLint"
_KINDS = (types.CodeActionKind.QuickFix.value, types.CodeActionKind.RefactorRewrite.value, _FIX_ALL)
_QUICK, _REWRITE, _ = _KINDS
_Offer = tuple[str, Fix, Diagnostic | None]


async def _code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = ls.document_of(params.text_document.uri)
    wanted = [kind for kind in _KINDS if _wants(params.context, kind)]
    if document is None or not wanted:
        return []
    source = document.source
    reading = await ls.read(document)
    if reading.source is not source:
        return []
    cell = document.cell_of(params.text_document.uri)
    place = span_of(reading.source, params.range, ls.publisher.encoding, cell)
    offers = await asyncio.to_thread(lambda: list(_offers(reading, place, wanted)))
    if reading.source is not document.source:
        return []
    return [_action(ls, document, *offer) for offer in offers]


def _wants(context: types.CodeActionContext, kind: str) -> bool:
    """Whether a kind is asked for; what mends a whole file is offered only where it is named."""
    if context.only is None:
        return kind != _FIX_ALL
    asked = (str(getattr(each, "value", each)) for each in context.only)
    return any(each in ("", kind) or kind.startswith(f"{each}.") for each in asked)


def _offers(reading: Reading, place: Span, wanted: list[str]) -> Iterator[_Offer]:
    told = set()
    if _QUICK in wanted:
        for finding, fix in fixes(reading, place):
            told.add(fix.edits)
            yield _QUICK, fix, finding
    if _REWRITE in wanted:
        offered = refactors(reading.report.context, place)
        yield from ((_REWRITE, fix, None) for fix in offered if fix.edits not in told)
    if _QUICK in wanted:
        yield from ((_QUICK, fix, None) for fix in fixes_of_rules(reading, place))
        yield from ((_QUICK, comment, finding) for finding, comment in ignores(reading, place))
    every = safe_fixes(reading) if _FIX_ALL in wanted else None
    if every is not None:
        yield _FIX_ALL, every, None


def _action(
    ls: Server, document: Document, kind: str, fix: Fix, finding: Diagnostic | None
) -> types.CodeAction:
    told = [present.diagnostic(document, finding, ls.publisher.encoding)] if finding else None
    return types.CodeAction(
        fix.title,
        kind=kind,
        diagnostics=told,
        is_preferred=True if fix.applicability is Applicability.SAFE else None,
        edit=present.workspace_edit(ls, [(document.source, fix.edits)]),
    )


def register(server: Server) -> None:
    options = types.CodeActionOptions(list(_KINDS))
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_code_action)
