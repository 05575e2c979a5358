"""`textDocument/diagnostic`: the findings of a document, for a client that asks for them."""

from __future__ import annotations

from lsprotocol import types

from numpyro_lint_server.present import NAME, diagnostics
from numpyro_lint_server.server import Server

_Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport


async def _diagnostic(ls: Server, params: types.DocumentDiagnosticParams) -> _Report:
    uri = params.text_document.uri
    document = ls.document_of(uri)
    if document is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    reading = await ls.read(document)
    serial = str(reading.serial)
    if params.previous_result_id == serial:
        return types.RelatedUnchangedDocumentDiagnosticReport(serial)
    found = diagnostics(document, reading.shown, uri, ls.publisher.encoding)
    return types.RelatedFullDocumentDiagnosticReport(found, result_id=serial)


def register(server: Server) -> None:
    options = types.DiagnosticOptions(
        inter_file_dependencies=False, workspace_diagnostics=False, identifier=NAME
    )
    server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(_diagnostic)
