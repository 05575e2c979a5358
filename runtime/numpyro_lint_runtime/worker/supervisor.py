"""Hands file requests to forks, one each, and answers for a fork that dies or runs over time."""

from __future__ import annotations

import os
import re
import selectors
import signal
import time
from collections import deque
from dataclasses import replace

from ..protocol import (
    Answer,
    Began,
    Failure,
    FileDone,
    FileRequest,
    ModelRequest,
    Position,
    Result,
    TraceResult,
    ValueResult,
    decode_request,
    frame,
    named,
    unframe,
)
from . import fork
from .fork import Child

CANCEL = "Cancel"
_FRAME = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)


class Supervisor:
    """The warm process: reads requests from `requests`, writes answers to `answers`."""

    def __init__(
        self, requests: int, answers: int, versions: TraceResult, memory: int, idle: float | None
    ) -> None:
        self._requests, self._answers = requests, answers
        self._versions, self._memory, self._idle = versions, memory, idle
        self._select = selectors.DefaultSelector()
        self._select.register(requests, selectors.EVENT_READ)
        self._partial = b""
        self._queue: deque[FileRequest] = deque()
        self._current: FileRequest | None = None
        self._left: list[ModelRequest] = []
        self._began = 0.0
        self._deadline: float | None = None
        self._child: Child | None = None
        self._spare: Child | None = None
        self._prefork = True

    def run(self) -> None:
        """Serve until the other end of `requests` is closed, or nothing was asked for a while."""
        try:
            while self._turn():
                pass
        finally:
            for child in (self._child, self._spare):
                if child is not None:
                    child.end()

    def _turn(self) -> bool:
        if self._current is None and self._queue:
            self._begin(self._queue.popleft())
        if self._spare is None and self._prefork:
            self._spare = self._start()
        events = self._select.select(self._timeout())
        if not events and self._current is None:
            return False
        for key, _ in events:
            if key.fd == self._requests:
                if not self._read_requests():
                    return False
            else:
                self._read_child(key.data, key.fd)
        if self._deadline is not None and time.monotonic() > self._deadline:
            self._run_over()
        return True

    def _timeout(self) -> float | None:
        if self._deadline is not None:
            return max(self._deadline - time.monotonic(), 0.0)
        return self._idle if self._current is None else None

    def _read_requests(self) -> bool:
        data = os.read(self._requests, 1 << 16)
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            kind, _, body = line.decode().partition(" ")
            if kind == CANCEL:
                self._cancel()
            else:
                self._queue.append(decode_request(body))
        return bool(data)

    def _start(self) -> Child:
        held = [fd for child in (self._child, self._spare) if child for fd in child.fds()]
        child = fork.start(self._memory, [self._requests, self._answers, *held])
        for fd in (child.replies, child.output, child.faults):
            self._select.register(fd, selectors.EVENT_READ, child)
        return child

    def _begin(self, request: FileRequest) -> None:
        self._current, self._left, self._prefork = request, list(request.models), True
        if not request.models:
            self._done()
            return
        self._child = self._spare or self._start()
        self._spare = None
        self._child.printed.take()
        # A spare that is not warm yet has its share of the first model's time.
        self._began = time.monotonic()
        self._deadline = self._began + request.models[0].deadline + 5.0
        self._child.ask(frame(request).partition(" ")[2].encode())

    def _read_child(self, child: Child, fd: int) -> None:
        if fd not in child.fds():
            return  # ended earlier in this turn
        if fd != child.replies:
            child.drain()
            if fd in child.ended:
                self._select.unregister(fd)
            return
        lines = child.read_replies()
        if lines is None:
            self._gone(child)
            return
        for line in lines:
            self._answer(child, unframe(line))

    def _answer(self, child: Child, answer: Answer) -> None:
        assert self._current is not None
        if isinstance(answer, Began):
            self._began = time.monotonic()
            self._deadline = self._began + self._left[0].deadline
            self._send(answer)
        elif isinstance(answer, Result):
            child.drain()
            self._result(replace(answer, output=child.printed.take()))
        elif isinstance(answer, FileDone):
            self._done()

    def _result(self, result: Result) -> None:
        self._left.remove(named(result.id, self._left))
        self._send(result)

    def _send(self, answer: Answer) -> None:
        data = frame(answer).encode()
        while data:
            data = data[os.write(self._answers, data) :]

    def _end(self, child: Child) -> int:
        for fd in (child.replies, child.output, child.faults):
            if fd in self._select.get_map():
                self._select.unregister(fd)
        status = child.end()
        if child is self._child:
            self._child, self._deadline = None, None
        else:
            self._spare = None
        return status

    def _done(self) -> None:
        assert self._current is not None
        request, self._current, self._deadline = self._current, None, None
        self._send(FileDone(request.path))
        if self._child is not None:
            self._end(self._child)

    def _gone(self, child: Child) -> None:
        """A child has closed its end: it was asked for nothing, or a model took it down."""
        was_asked = child is self._child
        status = self._end(child)
        # A spare that dies by itself would be made again and again.
        self._prefork = was_asked
        if was_asked and self._current is not None:
            name, message = _cause_of_death(status)
            self._fail(child, "crash", name, message)

    def _run_over(self) -> None:
        assert self._current is not None
        assert self._child is not None
        child, limit = self._child, self._left[0].deadline
        if fork.WHERE is not None:
            os.kill(child.pid, fork.WHERE)
            time.sleep(0.05)  # the signal handler writes where the model is
        self._end(child)
        what = "the program was not through" if self._current.capture else "not traced"
        what = "no values" if self._current.values else what
        self._fail(child, "deadline", "TimeoutError", f"{what} within {limit:g} s")

    def _fail(self, child: Child, stage: str, exception: str, message: str) -> None:
        """Answer for the model in progress, and have the rest traced by another child.

        A program that is run as a whole is not run again: it is answered for all models.
        """
        assert self._current is not None
        request = self._current
        position = _last_position(child.fault_text.take(), request.path)
        failure = Failure(stage, exception, message, position)  # type: ignore[arg-type]
        output = child.printed.take()
        for model in list(self._left) if request.capture else self._left[:1]:
            result: Result = replace(self._versions, mode=model.mode)
            if request.values:
                result = ValueResult("", "failed")
            self._result(
                replace(
                    result, id=model.id, seed=model.seed, failure=failure,
                    seconds=time.monotonic() - self._began, output=output,
                )
            )  # fmt: skip
        if self._left:
            self._begin(replace(request, models=tuple(self._left)))
        else:
            self._done()

    def _cancel(self) -> None:
        if self._current is not None:
            self._done()
        # A request that has come with its cancellation is owed an answer all the same.
        while self._queue:
            self._send(FileDone(self._queue.popleft().path))


def _cause_of_death(status: int) -> tuple[str, str]:
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return name, f"the process was ended by {name} while the model ran"
    code = os.WEXITSTATUS(status)
    return f"exit status {code}", f"the process ended with exit status {code} while the model ran"


def _last_position(faults: str, path: str) -> Position | None:
    """The innermost line of the user's file in what faulthandler wrote."""
    written = path.encode("ascii", "backslashreplace").decode()
    for file, line in _FRAME.findall(faults):
        if file == written:
            return Position(int(line), 0, int(line), 0)
    return None
