"""Findings and fixes as the protocol has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lsprotocol import types

from numpyro_lint import document_findings as interface
from numpyro_lint.diagnostic import Diagnostic, Edit, Severity
from numpyro_lint.rules import page_of
from numpyro_lint.text import Source, Span
from numpyro_lint_server.convert import Encoding, range_of
from numpyro_lint_server.documents import Document

if TYPE_CHECKING:
    from numpyro_lint_server.server import Server

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


def location(ls: Server, source: Source, span: Span) -> types.Location:
    """Where a span of any file stands; of a notebook that is not open, the file is all there is."""
    top = types.Position(0, 0)
    place = range_of(source, span, ls.publisher.encoding)
    return types.Location(
        ls.around.uri_of(source, span),
        types.Range(top, top) if ls.around.is_closed_notebook(source) else place,
    )


def workspace_edit(
    ls: Server, parts: Iterable[tuple[Source, Iterable[Edit]]]
) -> types.WorkspaceEdit:
    """Edits of files as those of the client's documents, with versions where it checks them."""
    edits: dict[str, list[types.TextEdit]] = {}
    for source, changes in parts:
        for each in changes:
            place = range_of(source, each.span, ls.publisher.encoding)
            uri = ls.around.uri_of(source, each.span)
            edits.setdefault(uri, []).append(types.TextEdit(place, each.text))
    workspace = ls.client_capabilities.workspace
    able = workspace.workspace_edit if workspace else None
    if not (able and able.document_changes):
        return types.WorkspaceEdit(changes=edits)
    documents = ls.workspace.text_documents
    changed: list[Any] = [
        types.TextDocumentEdit(
            types.OptionalVersionedTextDocumentIdentifier(
                uri, document.version if (document := documents.get(unquote(uri))) else None
            ),
            list(texts),
        )
        for uri, texts in edits.items()
    ]
    return types.WorkspaceEdit(document_changes=changed)
