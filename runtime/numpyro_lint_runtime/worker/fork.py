"""A child process that is forked and warmed ahead, takes one file request, and ends."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import select
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable

from .. import scratch
from ..protocol import Answer, FileRequest, Result, decode_request, frame
from . import child, kernel, limits
from .failure import failure_of
from .guard import Guard
from .output import MARK, Capped, Output
from .pinned import pin
from .refusals import Refusals

_exit = os._exit
WHERE = signal.SIGUSR2 if hasattr(signal, "SIGUSR2") else None
_READS = 16


class Child:
    """The parent's side of one fork: its pipes and what has come through them."""

    def __init__(self, pid: int, request: int, replies: int, output: int, faults: int) -> None:
        self.pid = pid
        self.request, self.replies, self.output, self.faults = request, replies, output, faults
        self.printed = Output()
        self.fault_text = Capped()
        self.ended: set[int] = set()
        self._partial = b""

    def ask(self, line: bytes) -> None:
        """Send the one request; waits where the child is not warm yet and the pipe is full."""
        with contextlib.suppress(BrokenPipeError):
            _write(self.request, line)

    def read_replies(self) -> list[str] | None:
        """The whole lines that have arrived; None at the end of the stream."""
        data = os.read(self.replies, 1 << 16)
        if not data:
            return None
        *lines, self._partial = (self._partial + data).split(b"\n")
        return [line.decode() for line in lines]

    def drain(self) -> None:
        """Take what is in the output pipes now; a model that prints without end adds more."""
        for fd, kept in ((self.output, self.printed), (self.faults, self.fault_text)):
            with contextlib.suppress(BlockingIOError):
                for _ in range(_READS):
                    data = os.read(fd, 1 << 16)
                    kept.add(data)
                    if not data:
                        self.ended.add(fd)
                        break

    def ask_where(self, seconds: float = 1.0) -> None:
        """Have the process report the line that it is at, and wait for that a moment."""
        if WHERE is None:
            return
        os.kill(self.pid, WHERE)
        before = None
        while before != self.fault_text.size and select.select([self.faults], [], [], seconds)[0]:
            before = self.fault_text.size
            time.sleep(0.02)  # the rest of the report
            self.drain()

    def end(self, patience: float = 0.0) -> int | None:
        """Kill the process group and reap the process, after waiting `patience` seconds for its own
        end. The wait status of that; None where it was killed."""
        status = self._ended_within(patience)
        for kill, target in ((os.killpg, self.pid), (os.kill, self.pid)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if status is None or kill is os.killpg:
                    kill(target, signal.SIGKILL)
        if status is None:
            os.waitpid(self.pid, 0)
        self.drain()
        if folder := _folder_of(self.pid):
            scratch.remove(folder)
        for fd in self.fds():
            os.close(fd)
        # The next child gets the same numbers.
        self.replies = self.output = self.faults = self.request = -1
        return status

    def _ended_within(self, seconds: float) -> int | None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return status
            time.sleep(0.005)
        return None

    def fds(self) -> list[int]:
        fds = [self.replies, self.output, self.faults, self.request]
        return [fd for fd in fds if fd >= 0]


def _report_faults_to(fd: int) -> None:
    faulthandler.enable(file=fd, all_threads=False)
    if WHERE is not None:
        faulthandler.register(WHERE, file=fd, all_threads=True)


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _read_line(fd: int) -> bytes | None:
    line = b""
    while not line.endswith(b"\n"):
        data = os.read(fd, 1 << 16)
        if not data:
            return None
        line += data
    return line


def _own_folder() -> None:
    """Where this process, and no other, keeps its temporary files; removed with it."""
    folder = _folder_of(os.getpid())
    if folder is not None:
        os.mkdir(folder, 0o700)
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = None


def _folder_of(pid: int) -> str | None:
    shared = os.environ.get("NUMPYRO_LINT_SCRATCH")
    return os.path.join(shared, f"tmp-{pid}") if shared else None


def _restrain(asked: FileRequest, memory: int, refusals: Refusals) -> None:
    limits.limit(memory, sum(model.deadline + child.SPARE for model in asked.models))
    _own_folder()
    writable = child.scratch_folders()
    kernel.restrict(writable, devices=os.environ.get("JAX_PLATFORMS") != "cpu")
    Guard(asked.path, writable, refusals.add).install()
    pin(lambda: asked.path)


def _run(request: int, replies: int, printed: int, faults: int, memory: int) -> None:
    _report_faults_to(faults)
    unable: Exception | None = None
    try:
        child.warm(lambda: bool(select.select([request], [], [], 0)[0]))
    except Exception as error:  # a platform that is not there, say
        unable = error
    line = _read_line(request)
    if line is None:
        return  # not needed any more
    asked = decode_request(line.decode())
    refusals = Refusals(lambda text: _write(faults, text))
    limits.watch(request, memory, lambda: faulthandler.dump_traceback(faults))
    _restrain(asked, memory, refusals)

    def send(answer: Answer) -> None:
        answer = refusals.seen(answer)
        if isinstance(answer, Result):
            _write(printed, MARK)
        _write(replies, frame(answer).encode())

    if unable is None:
        child.serve(asked, send)
    else:
        child.refuse(asked, send, failure_of(unable, "start", None))


def _in_child(body: Callable[[], None]) -> None:
    status = 1
    try:
        body()
        status = 0
    except BaseException:
        with contextlib.suppress(BaseException):
            sys.excepthook(*sys.exc_info())
            sys.stderr.flush()
    finally:
        _exit(status)


def start(memory: int, private: list[int]) -> Child:
    """Fork a child. `private`: the parent's descriptors, which the child must not keep open."""
    parent = os.getpid()
    request, to_child = os.pipe()
    replies, from_child = os.pipe()
    output, printed = os.pipe()
    faults, faulted = os.pipe()
    with warnings.catch_warnings():
        # JAX warns of threads; this process never starts a backend, so it has none of JAX's.
        warnings.simplefilter("ignore")
        pid = os.fork()
    if pid:
        for fd in (request, from_child, printed, faulted):
            os.close(fd)
        for fd in (output, faults):
            os.set_blocking(fd, False)
        return Child(pid, to_child, replies, output, faults)

    def body() -> None:
        os.setpgid(0, 0)
        for fd in (to_child, replies, output, faults, *private):
            os.close(fd)
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        limits.die_with(parent)
        gc.freeze()
        _run(request, from_child, printed, faulted, memory)

    _in_child(body)
    raise AssertionError("unreachable")
