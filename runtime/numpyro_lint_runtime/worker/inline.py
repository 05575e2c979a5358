"""Serves requests one after the other in this process, where there is no fork.

A model that does not return or takes the process down is the host's to deal with.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable

from ..protocol import Answer, decode_request, frame
from . import child
from .guard import Guard
from .pinned import pin
from .refusals import Refusals
from .workspace import Restorer

_exit = os._exit


def _read(requests: int, lines: queue.Queue[str], at_end: Callable[[], None]) -> None:
    with os.fdopen(requests, encoding="utf-8", newline="\n") as stream:
        for line in stream:
            kind, _, body = line.partition(" ")
            if kind == "FileRequest":
                lines.put(body)
            elif kind == "Close\n":
                _exit(0)
    at_end()
    _exit(0)  # the host is gone, whatever the model is doing


def serve(requests: int, answers: int, at_end: Callable[[], None]) -> None:
    """Serve until the host closes the pipe; `at_end` is called where it does so without a word."""
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(requests, lines, at_end), daemon=True).start()
    child.warm()
    restorer = Restorer()
    refusals = Refusals()
    guard = Guard("", child.scratch_folders(), refusals.add)
    guard.install()
    pin(lambda: guard.own)

    def send(answer: Answer) -> None:
        data = frame(refusals.seen(answer)).encode()
        while data:
            data = data[os.write(answers, data) :]

    while True:
        request = decode_request(lines.get())
        guard.own = request.path
        child.serve(request, send)
        restorer.restore((os.path.dirname(request.path), request.root))
