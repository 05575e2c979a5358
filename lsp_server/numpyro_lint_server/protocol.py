"""What pygls does otherwise than the protocol has it, or than we need it.

Changes of documents: pygls splits lines as Python's `splitlines` does, at form feeds too, and drops
a character where an editor means the end of the last line. Commands: they cannot be cancelled.
Requests that cannot be read, or come too early or too late: they get no answer. Notifications: each
is kept for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

from numpyro_lint_server.convert import changed


class Protocol(LanguageServerProtocol):
    """pygls's protocol with changes of text applied here, and commands run here."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message as an object; a request that cannot be read is answered. Raises."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            method, number = data.get("method", "a message"), data.get("id")
            told = JsonRpcInvalidParams(f"{method!s:.80}: its parameters cannot be read")
            if "method" in data and isinstance(number, int | str):
                self._send_response(number, error=told.to_response_error())
            raise told from error

    def handle_message(self, message: Any) -> None:
        """A message where it may come; a request at any other time is answered all the same."""
        if not hasattr(message, "jsonrpc"):
            raise JsonRpcInvalidRequest("a message that is no JSON-RPC object")
        refusal = self._refusal(getattr(message, "method", types.EXIT))
        if refusal is None:
            super().handle_message(message)
        elif hasattr(message, "id"):
            self._send_response(message.id, error=refusal.to_response_error())
        # What is kept of notifications is never asked for.
        done = [number for number, each in self._request_futures.items() if each.done()]
        for number in done:
            del self._request_futures[number]

    def _refusal(self, method: str) -> JsonRpcException | None:
        if self._shutdown and method != types.EXIT:
            return JsonRpcInvalidRequest("the server is shutting down")
        if self._workspace is None and method not in (types.INITIALIZE, types.EXIT):
            return JsonRpcServerNotInitialized("the server is not initialized yet")
        return None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Iterator[Any]:
        self._apply(params.text_document, params.content_changes)
        yield from self._tell(types.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def lsp_notebook_document__did_change(
        self, params: types.DidChangeNotebookDocumentParams
    ) -> Iterator[Any]:
        cells = params.change.cells
        texts = (cells and cells.text_content) or ()
        if cells is not None:
            cells.text_content = None
        if self.workspace.get_notebook_document(notebook_uri=params.notebook_document.uri):
            self.workspace.update_notebook_document(params)
        for each in texts:
            self._apply(each.document, each.changes)
        yield from self._tell(types.NOTEBOOK_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]  # pygls has a generator
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Runs a command in the request's own task, so that cancelling the one ends the other.

        A command is given all of the request: its arguments, and the token of its progress.
        """
        command = self.fm.commands.get(params.command)
        if command is None:
            raise JsonRpcInvalidParams(f"there is no command {params.command!r}")
        return await command(params)

    def _apply(
        self,
        identifier: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
    ) -> None:
        if unquote(identifier.uri) not in self.workspace.text_documents:
            return
        document = self.workspace.get_text_document(identifier.uri)
        if document.version is not None and identifier.version <= document.version:
            self._server.window_log_message(
                types.LogMessageParams(
                    types.MessageType.Warning,
                    f"{identifier.uri}: version {identifier.version} came after "
                    f"{document.version}; changes are made in the order in which they come",
                )
            )
        text = document.source
        for change in changes:
            text = changed(text, change, self.workspace.position_encoding or "utf-16")
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.workspace.update_text_document(identifier, whole)

    def _tell(self, method: str, params: object) -> Iterator[Any]:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None
