"""Keeps a trace from writing, connecting and starting programs by accident. It is no sandbox."""

from __future__ import annotations

import importlib
import os
import shlex
import shutil
import signal
import subprocess  # noqa: F401  so that it has the real `fork_exec` when `Guard` replaces it
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from .failure import Refused
from .frames import asker
from .places import absolute, database_written, opens_for_writing, resolve_folder

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
# The same in words.
_ACTIONS = {
    "os.mkdir": "make the folder",
    "os.link": "make the link",
    "os.symlink": "make the link",
    "os.truncate": "shorten",
    "os.chmod": "change the mode of",
    "os.chown": "change the owner of",
    "os.utime": "change the times of",
    "os.setxattr": "change the attributes of",
    "os.removexattr": "change the attributes of",
    "os.remove": "remove",
    "os.rmdir": "remove the folder",
    "shutil.rmtree": "remove the folder",
    "os.rename": "rename",
    "shutil.move": "move",
}
# These change the link itself and not what it points to.
_CHANGE_NAMES = _REMOVE | {"os.mkdir", "os.symlink", "os.link"}
# What is never allowed, and which of the event's arguments tells what it was about.
_FORBIDDEN: dict[str, tuple[str, int | None]] = {
    "urllib.Request": ("download", 0),
    "http.client.connect": ("connect to the network address", 1),
    "socket.connect": ("connect to the network address", 1),
    "socket.bind": ("bind the network address", 1),
    "socket.sendto": ("send to the network address", 1),
    "socket.sendmsg": ("send to a network address", None),
    "socket.getaddrinfo": ("look up the network address", 0),
    "socket.gethostbyname": ("look up the network address", 0),
    "socket.gethostbyaddr": ("look up the network address", 0),
    "socket.getnameinfo": ("look up the network address", 0),
    "webbrowser.open": ("open a browser at", 0),
    "os.system": ("run a program", 0),
    "os.exec": ("run a program", 1),
    "os.posix_spawn": ("run a program", 1),
    "os.spawn": ("run a program", 2),
    "os.startfile": ("run a program", 0),
    "subprocess.Popen": ("run a program", 1),
    "_winapi.CreateProcess": ("run a program", 1),
    "os.fork": ("start a process", None),
    "os.forkpty": ("start a process", None),
    "os.kill": ("send a signal", 1),
    "os.killpg": ("send a signal", 1),
    "signal.pthread_kill": ("send a signal", 1),
    "syslog.openlog": ("write the system's log", None),
    "syslog.syslog": ("write the system's log", None),
}
_SIGNALS = {"os.kill", "os.killpg", "signal.pthread_kill"}
_SYSTEM_FOLDERS = {"/bin", "/sbin", "/usr/bin", "/usr/sbin"}
_DEVICES = {"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"}
_LONGEST = 200


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


def _is_harmless(event: str, args: tuple[Any, ...]) -> bool:
    if event in ("subprocess.Popen", "os.posix_spawn"):
        return _is_harmless_program(event, args)
    if event == "urllib.Request":
        return str(args[0]).partition(":")[0].lower() in ("file", "data")
    return event in _SIGNALS and args[1] == 0  # asks whether a process is there


def _shown(event: str, value: Any) -> str:
    """What an event was about, in the user's terms."""
    if event in _SIGNALS:
        return signal.Signals(value).name if value in set(signal.Signals) else str(value)
    if isinstance(value, (list, tuple)):
        words = [os.fsdecode(word) if isinstance(word, bytes) else str(word) for word in value]
        text = shlex.join(words) if "socket" not in event else ":".join(words[:2])
    else:
        text = os.fsdecode(value) if isinstance(value, (bytes, os.PathLike)) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


class Guard:
    """An audit hook. `own` is the file whose lines are named in what it refuses.

    In the scratch folder all is allowed; in the other `writable` folders nothing is removed.
    `told` is called with each refusal that no import of a library asked for.
    """

    def __init__(
        self,
        own: str,
        writable: tuple[str, ...],
        told: Callable[[Refused], None] = lambda refused: None,
    ) -> None:
        self.own = own
        self._told = told
        scratch = os.environ.get("NUMPYRO_LINT_SCRATCH")
        folders = {f: os.path.join(os.path.realpath(f), "") for f in writable if f}
        self._scratch = folders.get(scratch or "")
        self._writable = tuple(folders.values())

    def install(self) -> None:
        """Refuse from now on, for good."""
        sys.addaudithook(self._hook)
        # These raise no event.
        for name, action in (("mkfifo", "make the pipe"), ("mknod", "make the file")):
            if hasattr(os, name):
                setattr(os, name, self._checked(action, getattr(os, name)))
        if sys.platform != "win32":
            import _posixsubprocess

            _posixsubprocess.fork_exec = self._refuse_fork_exec
            self._guard_shared_memory()

    def _guard_shared_memory(self) -> None:
        """Keep segments from being made: nothing would remove one of a process that is killed."""
        try:
            shm: Any = importlib.import_module("_posixshmem")
        except ImportError:
            return
        shm_open = shm.shm_open

        def checked(path: str, flags: int, mode: int = 0o777) -> int:
            if flags & os.O_CREAT:
                self._refuse(f"make the shared memory {path}")
            return int(shm_open(path, flags, mode=mode))

        shm.shm_open = checked

    def _checked(self, action: str, make: Callable[..., None]) -> Callable[..., None]:
        def checked(path: Any, *args: Any, dir_fd: int | None = None, **kwargs: Any) -> None:
            place = resolve_folder(absolute(os.fsdecode(path), dir_fd))
            self._check_place(action, place)
            make(path, *args, dir_fd=dir_fd, **kwargs)

        return checked

    def _refuse_fork_exec(self, args: Any, *_: Any) -> int:
        self._refuse(f"run a program: {_shown('os.exec', args)}")

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            if opens_for_writing(args[1], args[2]) and not isinstance(args[0], int):
                self._check_open(os.fsdecode(args[0]), by_descriptor=args[1] is None)
        elif event == "sqlite3.connect":
            database = database_written(args[0])
            if database is not None:
                self._check_place("write", os.path.realpath(database))
        elif event in _CHANGES:
            self._check_change(event, args)
        elif event in _FORBIDDEN and not _is_harmless(event, args):
            what, index = _FORBIDDEN[event]
            about = None if index is None else args[index]
            self._refuse(
                f"{what} ({event})" if about is None else f"{what}: {_shown(event, about)}"
            )

    def _check_open(self, path: str, by_descriptor: bool) -> None:
        if os.path.abspath(path) in _DEVICES:
            return
        if by_descriptor and not os.path.isabs(path):
            # The event of `os.open` does not tell its `dir_fd`.
            self._refuse(f"write {path} by os.open with a relative path")
        self._check_place("write", os.path.realpath(path))

    def _check_change(self, event: str, args: tuple[Any, ...]) -> None:
        action = _ACTIONS[event]
        resolve = resolve_folder if event in _CHANGE_NAMES else os.path.realpath
        places = [
            resolve(absolute(os.fsdecode(args[path]), None if folder is None else args[folder]))
            for path, folder in _CHANGES[event]
            if not isinstance(args[path], int)
        ]
        for place in places:
            self._check_place(action, place)
        kept = len(places) == 2 and self._folder(places[0]) == self._folder(places[1])
        if places and event in _REMOVE and not kept and self._folder(places[0]) != self._scratch:
            self._refuse(f"{action} {places[0]}")

    def _folder(self, place: str) -> str | None:
        """The writable folder that `place` is in."""
        place = os.path.join(place, "")
        return next((folder for folder in self._writable if place.startswith(folder)), None)

    def _check_place(self, action: str, place: str) -> None:
        if self._folder(place) is None:
            self._refuse(f"{action} {place}")

    def _refuse(self, what: str) -> NoReturn:
        position, inner, imported = asker(self.own)
        at = (
            f" ({inner.path}, line {inner.line})" if inner is not None and inner != position else ""
        )
        refused = Refused(f"a trace may not {what}{at}", position)
        if not imported:
            self._told(refused)
        raise refused
