"""Settings: the editor's, which it sends or is asked for, and configuration files that change."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from numpyro_lint_server.server import Server

SECTION = "numpyroLint"


async def _changed(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    settings = params.settings
    sent = settings.get(SECTION) if isinstance(settings, Mapping) else None
    await ask(ls, sent)


async def ask(ls: Server, sent: object = None) -> None:
    """Take the settings that the client has sent, or else those that it has, and those that it has
    for each folder."""
    general, own = await _asked(ls)
    before = ls.folders.state
    ls.configure(general if sent is None else sent, own)
    if ls.folders.state != before:
        ls.reconfigure(trace=True)


async def _asked(ls: Server) -> tuple[object, dict[str, object] | None]:
    """The client's settings, and those of each folder; None where it cannot be asked."""
    workspace = ls.client_capabilities.workspace
    if not (workspace and workspace.configuration):
        return None, None
    folders = [each.uri for each in ls.workspace.folders.values()]
    items = [types.ConfigurationItem(uri, SECTION) for uri in (None, *folders)]
    try:
        answers = await ls.workspace_configuration_async(types.ConfigurationParams(items))
    except JsonRpcException:
        return None, None
    general, *own = answers or [None]
    return general, dict(zip(folders, own, strict=False))


async def _folders_changed(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    await ask(ls)
    ls.reconfigure(trace=True)


def _files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    ls.reconfigure(trace=False)


def register(server: Server) -> None:
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_folders_changed)
