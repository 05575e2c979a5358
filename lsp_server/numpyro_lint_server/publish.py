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
    """Sends findings, and withdraws what was sent."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server

    @property
    def encoding(self) -> Encoding:
        return self._server.workspace.position_encoding or types.PositionEncodingKind.Utf16

    @property
    def pulls(self) -> bool:
        """The client asks for findings, and is not sent any."""
        text_document = self._server.client_capabilities.text_document
        return text_document is not None and text_document.diagnostic is not None

    @property
    def _refreshes(self) -> bool:
        """The client asks again for findings when it is told to."""
        workspace = self._server.client_capabilities.workspace
        diagnostic = workspace.diagnostics if workspace else None
        return bool(diagnostic and diagnostic.refresh_support)

    def was_read(self, document: Document, reading: Reading) -> None:
        if not self.pulls:
            self._send_all(document, reading.shown)

    def was_traced(self, document: Document, reading: Reading) -> None:
        """Tell a client that asks for findings that there are new ones.

        One that cannot be told to ask again is sent what the trace alone has found: it would
        ask no sooner than after a change, and the trace tells nothing of a changed text.
        """
        self.ask_to_pull()
        if self.pulls and not self._refreshes:
            self._send_all(document, reading.by_trace)
            document.pushed = True

    def ask_to_pull(self) -> None:
        """Tell the client to ask again for what depends on more than the text."""
        workspace = self._server.client_capabilities.workspace
        if self.pulls and self._refreshes:
            self._server.workspace_diagnostic_refresh(None)
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self._server.workspace_code_lens_refresh(None)
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self._server.workspace_inlay_hint_refresh(None)

    def withdraw(self, document: Document) -> None:
        """Take back what a client that asks for findings was sent: it has it, or it is stale."""
        if document.pushed:
            document.pushed = False
            self._send_all(document, ())

    def was_closed(self, document: Document) -> None:
        if not self.pulls or document.pushed:
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
