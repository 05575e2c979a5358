"""How findings get to the client: it asks for them, or they are sent."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from numpyro_lint.diagnostic import Diagnostic
from numpyro_lint_server.analysis import Reading
from numpyro_lint_server.convert import Encoding
from numpyro_lint_server.documents import Document
from numpyro_lint_server.present import diagnostics


class Publisher:
    """Sends findings, or tells the client to ask for them."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server

    @property
    def encoding(self) -> Encoding:
        return self._server.workspace.position_encoding or types.PositionEncodingKind.Utf16

    @property
    def pulls(self) -> bool:
        """The client asks for findings, and asks again when it is told to; it is sent none.

        One that cannot be told to ask again would not learn what a trace has found.
        """
        capabilities = self._server.client_capabilities
        asks = capabilities.text_document and capabilities.text_document.diagnostic
        told = capabilities.workspace and capabilities.workspace.diagnostics
        return bool(asks and told and told.refresh_support)

    def was_read(self, document: Document, reading: Reading) -> None:
        if not self.pulls:
            self._send_all(document, reading.shown)

    def ask_to_pull(self) -> None:
        """Tell the client to ask again for what depends on more than the text."""
        workspace = self._server.client_capabilities.workspace
        if self.pulls:
            self._server.workspace_diagnostic_refresh(None)
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self._server.workspace_code_lens_refresh(None)
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self._server.workspace_inlay_hint_refresh(None)

    def was_closed(self, document: Document) -> None:
        if not self.pulls:
            self._send_all(document, ())

    def cells_were_closed(self, uris: Iterable[str]) -> None:
        for uri in uris:
            self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def _send_all(self, document: Document, found: Iterable[Diagnostic]) -> None:
        found = tuple(found)
        for uri in document.uris:
            self._server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(
                    uri,
                    diagnostics(document, found, uri, self.encoding),
                    # A cell has a version of its own.
                    version=None if document.source.is_notebook else document.source.version,
                )
            )
