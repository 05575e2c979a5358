"""Work that takes a while: shown to the user, who may cancel it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from concurrent.futures import Future

    from numpyro_lint_server.server import Server

# What is said of the work: a text, and how much of it is done, in percent.
Say = Callable[[str, int | None], None]

# Seconds that a client may take to agree to it: the work does not wait for ever.
_ANSWER = 5.0


@asynccontextmanager
async def shown(
    ls: Server, title: str, token: types.ProgressToken | None = None
) -> AsyncIterator[Say]:
    """The work of the current task as `$/progress`, by the client's token or one of ours.

    Where the user cancels it there, the task is cancelled. A client that shows no progress is told
    of none.
    """
    token = await _created(ls) if token is None else token
    if token is None:
        yield lambda text, percent: None
        return
    task = asyncio.current_task()
    progress = ls.work_done_progress

    def ended(asked: Future[None]) -> None:
        if asked.cancelled() and task is not None:
            task.cancel()

    def say(text: str, percent: int | None) -> None:
        progress.report(token, types.WorkDoneProgressReport(message=text, percentage=percent))

    progress.begin(token, types.WorkDoneProgressBegin(title, cancellable=True))
    progress.tokens[token].add_done_callback(ended)
    try:
        yield say
    finally:
        del progress.tokens[token]
        # A client that has asked for the end may not read any more.
        if not ls.asked_to_shut_down:
            progress.end(token, types.WorkDoneProgressEnd())


async def _created(ls: Server) -> types.ProgressToken | None:
    """A token that the client has agreed to; None where it has not."""
    window = ls.client_capabilities.window
    if not (window and window.work_done_progress):
        return None
    token = str(uuid4())
    try:
        await asyncio.wait_for(ls.work_done_progress.create_async(token), _ANSWER)
    except (JsonRpcException, TimeoutError):
        return None
    return token
