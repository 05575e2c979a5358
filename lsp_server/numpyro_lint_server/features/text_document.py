"""Text documents as they are opened, typed into, saved and closed."""

from __future__ import annotations

from lsprotocol import types
from pygls.uris import to_fs_path

from numpyro_lint.text import Source
from numpyro_lint_server.server import Server


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    path = to_fs_path(item.uri) or item.uri
    if item.language_id == "python" or path.endswith(".py"):
        ls.open(item.uri, Source(path, item.text, item.version))


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    uri = params.text_document.uri
    document = ls.documents.get(uri)
    if document is not None:
        text = ls.workspace.get_text_document(uri).source
        ls.change(document, Source(document.source.path, text, params.text_document.version))


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    document = ls.documents.get(params.text_document.uri)
    if document is not None:
        ls.save(document)


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.close(params.text_document.uri)


def register(server: Server) -> None:
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_saved)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_closed)
