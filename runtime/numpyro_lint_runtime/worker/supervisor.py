"""Hands file requests to forks, one each, and answers for a fork that dies or runs over time."""

from __future__ import annotations

import os
import selectors
import time
from collections import Counter, deque
from dataclasses import replace

from ..protocol import (
    Answer,
    Began,
    Failure,
    FileDone,
    FileRequest,
    ModelRequest,
    Position,
    Progress,
    Result,
    Stage,
    TraceResult,
    decode_request,
    frame,
    named,
    unanswered,
    unframe,
)
from . import fork
from .child import SPARE
from .fork import Child
from .limits import resident
from .post_mortem import cause_of_death, late, place_of_death, with_advice
from .refusals import last_reported

# How long a child that has closed its end may take to die of what it died of.
DYING = 1.0
CANCEL, CLOSE = "Cancel", "Close"
# What has run over time twice at one statement is not tried a third time.
_TRIES = 2


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
        # How often models of this file have run over time, by the statement that they were at.
        self._late: Counter[Position] = Counter()
        self._began = 0.0
        self._deadline: float | None = None
        self._abandoned = False
        self._size = resident()
        self._child: Child | None = None
        self._spare: Child | None = None
        self._prefork = True
        # Until its first answer a file has the machine to itself.
        self._unanswered = False

    def run(self) -> bool:
        """Serve until the other end of `requests` is closed, or nothing was asked for a while.

        Whether the host is gone without a word. Raises BrokenPipeError where an answer finds it so.
        """
        try:
            while self._turn():
                pass
            return self._abandoned
        finally:
            for child in (self._child, self._spare):
                if child is not None:
                    child.end()

    def _turn(self) -> bool:
        if self._current is None and self._queue:
            self._late.clear()
            self._begin(self._queue.popleft())
        if self._spare is None and self._prefork and not self._unanswered:
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
            if kind == CLOSE:
                return False
            elif kind == CANCEL:
                self._cancel()
            else:
                self._queue.append(decode_request(body))
        self._abandoned = not data
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
        self._spare, self._unanswered = None, True
        self._child.printed.take()
        # A spare that is not warm yet has its share of the first model's time.
        self._began = time.monotonic()
        self._deadline = self._began + request.models[0].deadline + SPARE
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
        try:
            answers = [unframe(line) for line in lines]
        except (ValueError, KeyError, TypeError):
            # A model has written where it should not, or closed what is not its own.
            self._end(child)
            self._fail(child, "crash", "ProtocolError", "it spoilt the answers of its process")
            return
        for answer in answers:
            self._answer(child, answer)

    def _answer(self, child: Child, answer: Answer) -> None:
        assert self._current is not None
        if isinstance(answer, Began):
            self._began = time.monotonic()
            self._deadline = self._began + self._left[0].deadline
            self._send(answer)
        elif isinstance(answer, Progress):
            self._send(answer)
        elif isinstance(answer, Result):
            child.drain()
            self._unanswered = False
            self._result(replace(answer, output=child.printed.take()))
        elif isinstance(answer, FileDone):
            self._done()

    def _result(self, result: Result) -> None:
        self._left.remove(named(result.id, self._left))
        self._send(replace(result, failure=with_advice(result.failure, self._memory)))

    def _send(self, answer: Answer) -> None:
        data = frame(answer).encode()
        while data:
            data = data[os.write(self._answers, data) :]

    def _end(self, child: Child, patience: float = 0.0) -> int | None:
        for fd in (child.replies, child.output, child.faults):
            if fd in self._select.get_map():
                self._select.unregister(fd)
        status = child.end(patience)
        if child is self._child:
            self._child, self._deadline = None, None
        else:
            self._spare = None
        return status

    def _done(self) -> None:
        assert self._current is not None
        request, self._current, self._deadline = self._current, None, None
        self._unanswered = False
        self._send(FileDone(request.path, resident() - self._size))
        if self._child is not None:
            self._end(self._child)

    def _gone(self, child: Child) -> None:
        """A child has closed its end: it was asked for nothing, or a model took it down."""
        was_asked = child is self._child
        status = self._end(child, DYING)
        # A spare that dies by itself would be made again and again.
        self._prefork = was_asked
        if was_asked and self._current is not None:
            name, message = cause_of_death(status)
            self._fail(child, "crash", name, message)

    def _run_over(self) -> None:
        assert self._current is not None
        assert self._child is not None
        child, limit = self._child, self._left[0].deadline
        child.ask_where()
        self._end(child)
        who = "the program" if self._current.capture else "it"
        self._fail(child, "deadline", "TimeoutError", f"{who} took longer than {limit:g} s")

    def _fail(self, child: Child, stage: Stage, exception: str, message: str) -> None:
        """Answer for the model in progress, and have the rest traced by another child.

        A program that is run as a whole is not run again: it is answered for all models.
        """
        assert self._current is not None
        request, faults = self._current, child.fault_text.take()
        model = self._left[0]
        place = place_of_death(faults, request.path)
        refusal = last_reported(faults, None if request.capture else model.id)
        message = f"{message}{place.within}"
        advice = late(request.stage) if stage == "deadline" else None
        failure = Failure(stage, exception, message, place.position, advice, refusal=refusal)
        seconds, output = time.monotonic() - self._began, child.printed.take()
        for each in list(self._left) if request.capture else [model]:
            self._answer_with(each, failure, seconds, output)
        if stage == "deadline":
            self._skip_late(place.statement_of(model), failure)
        if self._left:
            self._begin(replace(request, models=tuple(self._left)))
        else:
            self._done()

    def _answer_with(
        self, model: ModelRequest, failure: Failure, seconds: float, output: str
    ) -> None:
        assert self._current is not None
        result = unanswered(self._current.stage, model)
        if isinstance(result, TraceResult):
            result = replace(self._versions, mode=model.mode)
        self._result(
            replace(
                result, id=model.id, seed=model.seed, failure=failure,
                seconds=seconds, output=output,
            )
        )  # fmt: skip

    def _skip_late(self, statement: Position | None, failure: Failure) -> None:
        """Answer at once for the next models that need a statement which has been late too often.

        Once more is tried: what was read from the disk then comes faster.
        """
        if statement is None:
            return
        self._late[statement] += 1
        if self._late[statement] >= _TRIES:
            while self._left and statement in self._left[0].statements:
                self._answer_with(self._left[0], failure, 0.0, "")

    def _cancel(self) -> None:
        if self._current is not None:
            self._done()
        # A request that has come with its cancellation is owed an answer all the same.
        while self._queue:
            self._send(FileDone(self._queue.popleft().path))
