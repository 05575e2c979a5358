"""Settings: the editor's, which it sends or is asked for, and configuration files that change."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types

from numpyro_lint_server.server import Server

SECTION = "numpyroLint"


async def _changed(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    settings = params.settings
    sent = settings.get(SECTION) if isinstance(settings, Mapping) else None
    _take(ls, await _asked(ls) if sent is None else sent)


async def ask(ls: Server) -> None:
    """Ask the client for its settings, which may add to the initialization options."""
    _take(ls, await _asked(ls))


def _take(ls: Server, settings: object) -> None:
    before = ls.options
    ls.configure(settings)
    if ls.options != before:
        ls.reconfigure(trace=True)


async def _asked(ls: Server) -> object:
    workspace = ls.client_capabilities.workspace
    if not (workspace and workspace.configuration):
        return None
    item = types.ConfigurationItem(section=SECTION)
    answers = await ls.workspace_configuration_async(types.ConfigurationParams([item]))
    return answers[0] if answers else None


def _files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    ls.reconfigure(trace=False)


def register(server: Server) -> None:
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
