"""From `initialize` to `exit`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Mapping

from lsprotocol import types
from pygls.uris import to_fs_path

from numpyro_lint.rules import all_rules
from numpyro_lint_server.features import configuration, diagnostic
from numpyro_lint_server.server import Server

# Seconds between looks at the editor's process.
_LOOK = 3.0
# Editors wait a second or two for an answer, and say that the server hangs. Workers that take
# longer are ended by the time that the server is.
_PATIENCE = 0.5


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    if ls.publisher.pulls:
        diagnostic.register(ls)
    options = params.initialization_options
    if isinstance(options, Mapping):
        ls.begin(options.get("settings"))
        ls.tracing.trust(options.get("trusted") is True)
    _enter(ls, params)


def _enter(ls: Server, params: types.InitializeParams) -> None:
    """Stand where the command line would: its paths and environments are found from there."""
    folders = params.workspace_folders
    root = to_fs_path(folders[0].uri) if folders else ls.workspace.root_path
    if root:
        with contextlib.suppress(OSError):
            os.chdir(root)


async def _initialized(ls: Server, params: types.InitializedParams) -> None:
    if ls.process_id is not None:
        ls.spawn(_outlive(ls, ls.process_id))
    await asyncio.gather(asyncio.to_thread(all_rules), configuration.ask(ls))


async def _outlive(ls: Server, editor: int) -> None:
    """End when the editor's process has gone, though something may hold our standard input open.

    One that is not seen from the beginning may be out of sight, as from within a container.
    """
    if not _lives(editor):
        return
    while _lives(editor):
        await asyncio.sleep(_LOOK)
    print("numpyro-lint-server: the editor has gone without a word", file=sys.stderr)
    await asyncio.to_thread(ls.end_workers)
    # Standard input is still being waited for: no other way out.
    os._exit(1)


def _lives(process: int) -> bool:
    if os.name == "nt":
        # There a signal of 0 is no question.
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


async def _shutdown(ls: Server, params: None) -> None:
    ls.asked_to_shut_down = True
    ls.verifying.stop()
    closing = asyncio.create_task(asyncio.to_thread(ls.tracing.close))
    await asyncio.wait({closing}, timeout=_PATIENCE)


def register(server: Server) -> None:
    server.feature(types.INITIALIZE)(_initialize)
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.SHUTDOWN)(_shutdown)
