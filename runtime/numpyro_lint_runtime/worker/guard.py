"""Keeps a trace from writing, connecting and starting programs by accident. It is no sandbox."""

from __future__ import annotations

import os
import shutil
import subprocess  # noqa: F401  so that it has the real `fork_exec` when `Guard` replaces it
import sys
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

from .failure import Refused
from .frames import position_of_caller

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Where an event has its paths, and with each the descriptor of the folder it is relative to.
_CHANGES: dict[str, tuple[tuple[int, int | None], ...]] = {
    "os.mkdir": ((0, 2),),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.setxattr": ((0, None),),
    "os.removexattr": ((0, None),),
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "shutil.rmtree": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "shutil.move": ((0, None), (1, None)),
}
_REMOVE = {"os.remove", "os.rmdir", "shutil.rmtree", "os.rename", "shutil.move"}
# These change the link itself and not what it points to.
_CHANGE_NAMES = _REMOVE | {"os.mkdir", "os.symlink", "os.link"}
_FORBIDDEN = {
    "socket.connect": "connect to a network address",
    "socket.bind": "bind a network address",
    "socket.sendto": "send to a network address",
    "socket.sendmsg": "send to a network address",
    "socket.getaddrinfo": "look a network address up",
    "socket.gethostbyname": "look a network address up",
    "socket.gethostbyaddr": "look a network address up",
    "socket.getnameinfo": "look a network address up",
    "os.system": "run a program",
    "os.exec": "run a program",
    "os.posix_spawn": "run a program",
    "os.spawn": "run a program",
    "subprocess.Popen": "run a program",
    "_winapi.CreateProcess": "run a program",
    "os.fork": "fork",
    "os.forkpty": "fork",
    "os.kill": "send a signal",
    "os.killpg": "send a signal",
}
_SYSTEM_FOLDERS = {"/bin", "/sbin", "/usr/bin", "/usr/sbin"}
_DEVICES = {"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"}
_SHARED_MEMORY = "/dev/shm/"


def _is_harmless_program(event: str, args: tuple[Any, ...]) -> bool:
    """Whether it is what `platform` and `ctypes.util.find_library` start, often on import.

    The latter also tries a compiler and a linker, and takes their absence for an answer.
    """
    program, arguments = args[:2]
    if not isinstance(program, (str, bytes, os.PathLike)) or isinstance(arguments, (str, bytes)):
        return False
    path = os.fsdecode(program)
    if path == os.path.basename(path):
        env = args[3] if event == "subprocess.Popen" else None
        path = shutil.which(path, path=os.pathsep.join(os.get_exec_path(env))) or ""
    folder, name = os.path.split(path)
    if folder not in _SYSTEM_FOLDERS:
        return False
    return name == "uname" or (name == "ldconfig" and list(arguments)[1:] in (["-p"], ["-r"]))


def _database_written(name: Any) -> str | None:
    """The file that `sqlite3.connect(name)` may write to."""
    path = os.fsdecode(name)
    if path.startswith("file:"):  # the event does not tell whether `uri` is true
        parts = urlsplit(path)
        if parse_qs(parts.query).get("mode", [""])[-1] in ("ro", "memory"):
            return None
        path = unquote(parts.path)
    return None if path in ("", ":memory:") else path


def _absolute(path: str, folder: int | None) -> str:
    """`path` relative to the open folder `folder`; -1 and None are the current one."""
    if os.path.isabs(path):
        return path
    if folder in (None, -1):
        return os.path.join(os.getcwd(), path)
    if sys.platform == "darwin":
        import fcntl

        found = fcntl.fcntl(folder, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0")
        return os.path.join(os.fsdecode(found), path)
    return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path)


def _resolve_folder(path: str) -> str:
    """The place of `path` itself, which may be a link."""
    folder, name = os.path.split(path.rstrip(os.sep))
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    return os.path.join(os.path.realpath(folder), name)


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
    """An audit hook. `own` is the file whose lines are named in what it refuses.

    In the scratch folder all is allowed; in the other `writable` folders nothing is removed.
    """

    def __init__(self, own: str, writable: tuple[str, ...]) -> None:
        self.own = own
        scratch = os.environ.get("NUMPYRO_LINT_SCRATCH")
        folders = {f: os.path.join(os.path.realpath(f), "") for f in writable if f}
        self._scratch = folders.get(scratch or "")
        self._writable = (*folders.values(), _SHARED_MEMORY)

    def install(self) -> None:
        sys.addaudithook(self._hook)
        # These raise no event.
        for name in ("mkfifo", "mknod"):
            if hasattr(os, name):
                setattr(os, name, self._checked(name, getattr(os, name)))
        if sys.platform != "win32":
            import _posixsubprocess

            _posixsubprocess.fork_exec = self._refuse_fork_exec

    def _checked(self, name: str, make: Callable[..., None]) -> Callable[..., None]:
        def checked(path: Any, *args: Any, dir_fd: int | None = None, **kwargs: Any) -> None:
            place = _resolve_folder(_absolute(os.fsdecode(path), dir_fd))
            self._check_place(name, place)
            make(path, *args, dir_fd=dir_fd, **kwargs)

        return checked

    def _refuse_fork_exec(self, args: Any, *_: Any) -> int:
        self._refuse(f"run a program: {args!r}"[:300])

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            if _opens_for_writing(args) and not isinstance(args[0], int):
                self._check_open(os.fsdecode(args[0]), by_descriptor=args[1] is None)
        elif event == "sqlite3.connect":
            database = _database_written(args[0])
            if database is not None:
                self._check_place("write", os.path.realpath(database))
        elif event in _CHANGES:
            self._check_change(event, args)
        elif event in _FORBIDDEN and not self._is_harmless(event, args):
            self._refuse(f"{_FORBIDDEN[event]}: {event}{args[:1]!r}"[:300])

    def _is_harmless(self, event: str, args: tuple[Any, ...]) -> bool:
        if event == "os.kill":
            return bool(args[0] == os.getpid())
        starts = event in ("subprocess.Popen", "os.posix_spawn")
        return starts and _is_harmless_program(event, args)

    def _check_open(self, path: str, by_descriptor: bool) -> None:
        if os.path.abspath(path) in _DEVICES:
            return
        if by_descriptor and not os.path.isabs(path):
            # The event of `os.open` does not tell its `dir_fd`.
            self._refuse(f"write {path} by os.open with a relative path")
        self._check_place("write", os.path.realpath(path))

    def _check_change(self, event: str, args: tuple[Any, ...]) -> None:
        action = event.partition(".")[2]
        resolve = _resolve_folder if event in _CHANGE_NAMES else os.path.realpath
        places = [
            resolve(_absolute(os.fsdecode(args[path]), None if folder is None else args[folder]))
            for path, folder in _CHANGES[event]
            if not isinstance(args[path], int)
        ]
        for place in places:
            self._check_place(action, place)
        kept = len(places) == 2 and self._folder(places[0]) == self._folder(places[1])
        if event in _REMOVE and not kept and self._folder(places[0]) != self._scratch:
            self._refuse(f"{action} {places[0]}")

    def _folder(self, place: str) -> str | None:
        """The writable folder that `place` is in."""
        place = os.path.join(place, "")
        return next((folder for folder in self._writable if place.startswith(folder)), None)

    def _check_place(self, action: str, place: str) -> None:
        if self._folder(place) is None:
            self._refuse(f"{action} {place}")

    def _refuse(self, what: str) -> NoReturn:
        position = position_of_caller(self.own)
        where = "" if position is None else f" (line {position.line} of {position.path or 'it'})"
        raise Refused(f"The trace may not {what}{where}")
