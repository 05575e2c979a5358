"""Starts the worker in the user's interpreter, keeps it warm, and answers for it when it dies."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import cast

from . import compiled, scratch
from .answers import died, failed, not_started, parsed, skipped
from .process import GIB, WorkerProcess, launch
from .protocol import (
    Began,
    Failure,
    FileDone,
    FileRequest,
    ModelRequest,
    PilotResult,
    Progress,
    Ready,
    Result,
    TraceResult,
    ValueResult,
    frame,
    named,
)

START = 120.0
# The worker keeps the deadlines of models; the host steps in only if the worker itself is stuck.
GRACE = 15.0
INLINE_GRACE = 3.0
CLOSING = 2.0
# What could not be started is not tried again before this many times as long as that has taken.
AGAIN = 10.0
# A worker is replaced after so many files, or when it has grown by so much.
FILES = 1000
GROWTH = GIB
_KILLED = frozenset({"deadline", "crash", "refused"})
_Heard = Result | Progress | Began | FileDone | Failure


class Host:
    """Traces files in the interpreter `python`, in a worker that stays warm between files.

    The worker is started by the first `trace`, or by `start`, and again whenever it has died. It
    ends with `close`, with this process, or after `idle` seconds without a request (None: never).
    `memory` is what one trace may allocate, in bytes; `platform` what JAX computes on; `start` how
    many seconds the worker may take to import numpyro; `files` how many it serves before another
    takes its place; `process` a worker that was launched before, with these options; `keeps`:
    whether what JAX compiles is kept for the next run. May be used from several threads: one file
    is traced at a time.
    """

    def __init__(
        self,
        python: str | None = None,
        *,
        memory: int = 4 * GIB,
        idle: float | None = None,
        platform: str = "cpu",
        fork: bool = True,
        start: float = START,
        files: int = FILES,
        process: WorkerProcess | None = None,
        keeps: bool = True,
    ) -> None:
        self.python = python or sys.executable
        self._keeps = keeps
        self._memory, self._idle, self._platform, self._fork = memory, idle, platform, fork
        self._start_within, self._files = start, files
        self._served = 0
        # Whether a process of the worker may have been killed in the middle of a file.
        self._spoilt = False
        self._lock = threading.Lock()
        self._process = process
        self._ready: Ready | None = None
        # The last start that failed, and the time from which another is worth it.
        self._unready: tuple[Ready, float] | None = None
        self._scratch: str | None = None
        if process is not None:
            self._keep(process.scratch)
        self._closed = False
        self._cancelled = False
        # Workers in a row that died before they turned to a model.
        self._lost = 0

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The worker's process, where one runs."""
        process = self._process
        return process.pid if process is not None and process.alive else None

    def prefork(self) -> None:
        """Start the worker without waiting for it, so that the first file finds it warm."""
        with self._lock, contextlib.suppress(OSError):
            if not self._closed:
                self._launch()

    def start(self) -> Ready:
        """Start the worker and wait until it is warm; `Ready.failure` tells why it cannot trace."""
        with self._lock:
            return self._started()

    def trace(self, request: FileRequest) -> Iterator[TraceResult]:
        """Trace the models of a file in order, each result as it lands.

        There is one result for each model, whatever happens to the worker. A caller that stops
        iterating cancels the rest.
        """
        yield from cast(Iterator[TraceResult], self._results(replace(request, stage="trace")))

    def values(self, request: FileRequest) -> Iterator[ValueResult]:
        """The second stage: look at the log densities of the models at concrete draws.

        As `trace` does; the deadlines of the models are those of this stage.
        """
        yield from cast(Iterator[ValueResult], self._results(replace(request, stage="values")))

    def verify(self, request: FileRequest) -> Iterator[PilotResult | Progress]:
        """The third stage: sample models for a short while in both forms of their `pilot`.

        As `trace` does; before the result of a model, what says how far it is.
        """
        asked = replace(request, stage="verify")
        yield from cast(Iterator[PilotResult | Progress], self._results(asked))

    def _results(self, request: FileRequest) -> Iterator[Result | Progress]:
        path, root = os.path.abspath(request.path), os.path.abspath(request.root)
        left = deque(request.models)
        with self._lock:
            self._cancelled = False
            ready = Ready("", self.python)
            shares = self._keeps and request.stage != "trace"
            while left and not self._cancelled:
                ready = self._started()
                if ready.failure is not None:
                    yield from (failed(request, model, ready.failure, ready) for model in left)
                    return
                if shares and self._scratch is not None:
                    compiled.lend(self._scratch)
                asked = replace(request, path=path, root=root, models=tuple(left))
                yield from self._ask(asked, left, ready)
            if shares and self._scratch is not None and not self._spoilt:
                compiled.keep(self._scratch)
            yield from (skipped(request, model, ready) for model in left)

    def _ask(
        self, request: FileRequest, left: deque[ModelRequest], ready: Ready
    ) -> Iterator[Result | Progress]:
        """One request to one worker; takes what is answered from `left`."""
        process = self._process
        assert process is not None
        began = False
        answer: _Heard | None = None
        try:
            # A worker that has died idle is noticed here, and another one is asked.
            answer = None if process.send(frame(request)) else died("crash", "", "")
            while not isinstance(answer, (FileDone, Failure)):
                answer = self._next(process, self._patience(left))
                began = began or isinstance(answer, (Began, Result))
                if isinstance(answer, Progress):
                    yield answer
                if isinstance(answer, Result):
                    failure = answer.failure
                    self._spoilt |= failure is not None and failure.stage in _KILLED
                    left.remove(named(answer.id, left))
                    yield answer
        finally:
            # What is left off after its last model compiles nothing any more.
            self._spoilt |= bool(left) and not isinstance(answer, FileDone)
            if not isinstance(answer, (FileDone, Failure)):
                self._give_up(process)
        if isinstance(answer, FileDone):
            self._cancelled = bool(left)
            self._spoilt |= self._cancelled
            self._served += 1
            if self._served >= self._files or answer.grown > GROWTH:
                self._end()
            return
        self._end()
        if self._cancelled:
            return
        self._lost = 0 if began else self._lost + 1
        if began or self._lost > 1:
            yield failed(request, left.popleft(), answer, ready)
            while request.capture and left:
                yield failed(request, left.popleft(), answer, ready)

    def _patience(self, left: deque[ModelRequest]) -> float:
        deadline = left[0].deadline if left else 0.0
        # Without a fork the host alone keeps deadlines, and a file waits for what is warmed up.
        return deadline + (GRACE if self._fork else INLINE_GRACE)

    def cancel(self) -> None:
        """Let the file in progress go; its remaining models are answered as skipped."""
        process = self._process
        if process is None:
            return
        if self._fork:
            process.send("Cancel\n")
        else:
            self._cancelled = True
            process.end()

    def close(self) -> None:
        """End the worker and remove the scratch folder. The host cannot be used afterwards."""
        self._closed = True
        self.cancel()
        # A caller that is still iterating holds the lock, perhaps in this very thread.
        owned = self._lock.acquire(timeout=CLOSING)
        try:
            self._end(CLOSING)
            if self._scratch is not None:
                scratch.remove(self._scratch)
                self._scratch = None
        finally:
            if owned:
                self._lock.release()

    def _launch(self) -> None:
        if self._process is not None and self._process.alive:
            return
        self._end()
        if self._scratch is None:
            self._keep(scratch.make())
        self._process = launch(
            self.python, scratch=self._scratch, memory=self._memory, idle=self._idle,
            platform=self._platform, fork=self._fork,
        )  # fmt: skip
        self._served = 0

    def _keep(self, folder: str) -> None:
        """Take over a scratch folder, which goes when this object does."""
        self._scratch = folder
        weakref.finalize(self, scratch.remove, folder)

    def _started(self) -> Ready:
        if self._closed:
            return not_started(self.python, "the host is closed")
        began = time.monotonic()
        if self._unready is not None and began < self._unready[1]:
            return self._unready[0]
        ready, self._unready = self._launched(), None
        if ready.failure is not None:
            took = time.monotonic() - began
            self._unready = ready, time.monotonic() + AGAIN * took
        return ready

    def _launched(self) -> Ready:
        try:
            self._launch()
        except OSError as error:
            return not_started(self.python, f"{self.python} cannot be run: {error.strerror}")
        process = self._process
        assert process is not None
        if self._ready is not None:
            return self._ready
        late = False
        try:
            line = process.lines.get(timeout=self._start_within)
        except queue.Empty:
            line, late = None, True
        answer = parsed(line)
        if isinstance(answer, Ready):
            self._ready = answer
            return answer
        time.sleep(0.05)  # its last words may still be on their way
        said = process.last_words() or "it ended without a word"
        self._end()
        if late:
            said = f"it has not imported numpyro within {self._start_within:g} s"
        return not_started(self.python, f"{self.python} cannot trace: {said}")

    def _next(self, process: WorkerProcess, wait: float) -> _Heard:
        try:
            line = process.lines.get(timeout=wait)
        except queue.Empty:
            return died("deadline", "TimeoutError", "it took longer than its deadline")
        if line is None:
            said = process.last_words()
            message = "the process that traces was ended while the model ran"
            return died("crash", "WorkerDied", f"{message}: {said}" if said else message)
        answer = parsed(line)
        if isinstance(answer, (Result, Progress, Began, FileDone)):
            return answer
        return died("crash", "ProtocolError", f"the worker wrote {line[:80]!r}")

    def _give_up(self, process: WorkerProcess) -> None:
        """The caller wants no more: cancel, and wait until the worker is free again."""
        if not self._fork or not process.send("Cancel\n"):
            self._end()
            return
        end = time.monotonic() + GRACE
        while not isinstance(self._next(process, GRACE), (FileDone, Failure)):
            if time.monotonic() > end:
                break
        else:
            return
        self._end()

    def _end(self, patience: float = 0.0) -> None:
        if self._process is not None:
            self._process.end(patience)
        self._process, self._ready = None, None
