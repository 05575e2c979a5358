"""Notebooks: all code cells of one are one text."""

from __future__ import annotations

from lsprotocol import types
from pygls.uris import to_fs_path

from numpyro_lint.text import Source, joined
from numpyro_lint_server.server import Server


def _opened(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    uri = params.notebook_document.uri
    ls.open(uri, *_source(ls, uri))


def _changed(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    uri = params.notebook_document.uri
    document = ls.documents.get(uri)
    if document is None:
        return
    source, cells = _source(ls, uri)
    gone = set(document.cells.values()) - set(cells.values())
    document.cells = cells
    ls.change(document, source)
    ls.publisher.cells_were_closed(gone)


def _saved(ls: Server, params: types.DidSaveNotebookDocumentParams) -> None:
    document = ls.documents.get(params.notebook_document.uri)
    if document is not None:
        ls.save(document)


def _closed(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    ls.close(params.notebook_document.uri)


def _source(ls: Server, uri: str) -> tuple[Source, dict[int, str]]:
    """A notebook as it is now, and the addresses of its code cells."""
    notebook = ls.workspace.get_notebook_document(notebook_uri=uri)
    assert notebook is not None
    cells = {
        index: cell.document
        for index, cell in enumerate(notebook.cells)
        if cell.kind == types.NotebookCellKind.Code and _is_python(ls, cell.document)
    }
    texts = [(index, ls.workspace.get_text_document(each).source) for index, each in cells.items()]
    path = to_fs_path(uri) or uri
    path = path if path.endswith(".ipynb") else path + ".ipynb"
    return joined(path, texts, notebook.version), cells


def _is_python(ls: Server, uri: str) -> bool:
    return ls.workspace.get_text_document(uri).language_id == "python"


def register(server: Server) -> None:
    server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(_opened)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(_changed)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)(_saved)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(_closed)
