"""Keeps a trace from writing, connecting and starting programs by accident. It is no sandbox."""

from __future__ import annotations

import os
import sys
from typing import Any

from .failure import Refused
from .frames import position_of_caller

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {
    "os.remove": 1, "os.rename": 2, "os.mkdir": 1, "os.rmdir": 1, "os.truncate": 1,
    "os.link": 2, "os.symlink": 2, "os.chmod": 1, "os.chown": 1, "os.utime": 1,
    "shutil.rmtree": 1, "shutil.move": 2,
}  # fmt: skip
_FORBIDDEN = {
    "socket.connect": "connect to a network address",
    "socket.bind": "bind a network address",
    "socket.sendto": "send to a network address",
    "socket.getaddrinfo": "look a network address up",
    "os.system": "run a program",
    "os.exec": "run a program",
    "os.posix_spawn": "run a program",
    "os.spawn": "run a program",
    "subprocess.Popen": "run a program",
    "os.fork": "fork",
    "os.forkpty": "fork",
    "os.kill": "send a signal",
    "os.killpg": "send a signal",
}
# `ctypes.util.find_library` and `platform` start these on import.
_HARMLESS = {"ldconfig", "uname", "gcc", "cc", "ld"}
_DEVICES = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/shm")


def _program_name(args: tuple[Any, ...]) -> str:
    program = args[0] if args else ""
    if isinstance(program, (list, tuple)):
        program = program[0] if program else ""
    return os.path.basename(os.fsdecode(program)) if isinstance(program, (str, bytes)) else ""


def _opens_for_writing(args: tuple[Any, ...]) -> bool:
    mode, flags = args[1], args[2]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITES)


def limit_memory(limit: int) -> None:
    """Let the process allocate `limit` bytes more than it has now, and write no core files."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/status") as status:
            used = next(int(line.split()[1]) * 1024 for line in status if line[:7] == "VmData:")
    except (OSError, StopIteration):
        return  # only Linux counts mapped memory against this limit
    resource.setrlimit(resource.RLIMIT_DATA, (used + limit, used + limit))


class Guard:
    """An audit hook. `own` is the file whose lines are named in what it refuses."""

    def __init__(self, own: str, writable: tuple[str, ...]) -> None:
        self.own = own
        self._writable = tuple(os.path.join(os.path.realpath(f), "") for f in writable if f)
        self._busy = False

    def install(self) -> None:
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            if _opens_for_writing(args):
                self._check_path("write", args[0])
        elif event in _CHANGES:
            for path in args[: _CHANGES[event]]:
                self._check_path(event.partition(".")[2], path)
        elif event in _FORBIDDEN and not self._is_harmless(event, args):
            self._refuse(f"{_FORBIDDEN[event]}: {event}{args[:1]!r}"[:300])

    def _is_harmless(self, event: str, args: tuple[Any, ...]) -> bool:
        if event == "os.kill":
            return bool(args[0] == os.getpid())
        return event in ("subprocess.Popen", "os.posix_spawn") and _program_name(args) in _HARMLESS

    def _check_path(self, action: str, path: Any) -> None:
        if isinstance(path, int) or self._busy:
            return
        self._busy = True
        try:
            place = os.path.realpath(os.fsdecode(path))
        finally:
            self._busy = False
        if not os.path.join(place, "").startswith((*self._writable, *_DEVICES)):
            self._refuse(f"{action} {place}")

    def _refuse(self, what: str) -> None:
        position = position_of_caller(self.own)
        where = "" if position is None else f" (line {position.line} of {position.path or 'it'})"
        raise Refused(f"The trace may not {what}{where}")
