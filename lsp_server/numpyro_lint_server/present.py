"""Findings and fixes as the protocol has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from numpyro_lint import document_findings as interface
from numpyro_lint.diagnostic import Diagnostic, Fix, Severity
from numpyro_lint.rules import page_of
from numpyro_lint_server.convert import Encoding, range_of
from numpyro_lint_server.documents import Document

NAME = "numpyro-lint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


def diagnostics(
    document: Document, found: Iterable[Diagnostic], uri: str, encoding: Encoding
) -> list[types.Diagnostic]:
    """Those of the findings that stand in one part of a document."""
    return [diagnostic(document, each, encoding) for each in document.in_place(found, uri)]


def diagnostic(document: Document, each: Diagnostic, encoding: Encoding) -> types.Diagnostic:
    source = document.read_source
    page = page_of(each.rule)
    return types.Diagnostic(
        range=range_of(source, each.span, encoding),
        message=each.message,
        severity=_SEVERITIES[each.severity],
        code=each.rule,
        code_description=types.CodeDescription(page) if page else None,
        source=NAME,
        related_information=[
            types.DiagnosticRelatedInformation(
                types.Location(document.uri_of(other.span), range_of(source, other.span, encoding)),
                other.message,
            )
            for other in each.related
        ]
        or None,
        data=interface.fix(each.fix, source) if each.fix else None,
    )


def workspace_edit(
    document: Document, fix: Fix, encoding: Encoding, versions: dict[str, int | None] | None
) -> types.WorkspaceEdit:
    """A fix as edits of the client's documents, with their versions where it can check them."""
    edits: dict[str, list[types.TextEdit]] = {}
    for each in fix.edits:
        place = range_of(document.source, each.span, encoding)
        edits.setdefault(document.uri_of(each.span), []).append(types.TextEdit(place, each.text))
    if versions is None:
        return types.WorkspaceEdit(changes=edits)
    changes: list[Any] = [
        types.TextDocumentEdit(
            types.OptionalVersionedTextDocumentIdentifier(uri, versions.get(uri)), list(texts)
        )
        for uri, texts in edits.items()
    ]
    return types.WorkspaceEdit(document_changes=changes)


def versions_of(server: LanguageServer, document: Document) -> dict[str, int | None] | None:
    """The versions of a document's parts, where the client can check them."""
    workspace = server.client_capabilities.workspace
    edits = workspace.workspace_edit if workspace else None
    if not (edits and edits.document_changes):
        return None
    return {uri: server.workspace.get_text_document(uri).version for uri in document.uris}
