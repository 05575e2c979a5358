"""A child process that is forked and warmed ahead, takes one file request, and ends."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable

from ..protocol import Answer, Result, decode_request, frame
from . import child
from .guard import Guard, limit_memory
from .output import MARK, Capped, Output

_PR_SET_PDEATHSIG = 1
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

    def end(self) -> int:
        """Kill the process group, reap the process and return its wait status."""
        for kill, target in ((os.killpg, self.pid), (os.kill, self.pid)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(target, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        self.drain()
        for fd in self.fds():
            os.close(fd)
        # The next child gets the same numbers.
        self.replies = self.output = self.faults = self.request = -1
        return status

    def fds(self) -> list[int]:
        fds = [self.replies, self.output, self.faults, self.request]
        return [fd for fd in fds if fd >= 0]


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _watch(parent: int) -> None:
    """End with the parent, which holds the only other end of this pipe, where no signal tells."""

    def wait() -> None:
        os.read(parent, 1)
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


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


def _run(request: int, replies: int, printed: int, faults: int, memory: int) -> None:
    _report_faults_to(faults)
    child.warm()
    line = _read_line(request)
    if line is None:
        return  # not needed any more
    _watch(request)
    asked = decode_request(line.decode())
    limit_memory(memory)
    Guard(asked.path, child.scratch_folders()).install()

    def send(answer: Answer) -> None:
        if isinstance(answer, Result):
            _write(printed, MARK)
        _write(replies, frame(answer).encode())

    child.serve(asked, send)


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
        os._exit(status)


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
        _die_with(parent)
        gc.freeze()
        _run(request, from_child, printed, faulted, memory)

    _in_child(body)
    raise AssertionError("unreachable")
