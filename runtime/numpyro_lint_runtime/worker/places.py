"""Where an operation on the file system would take effect: links and relative paths resolved."""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def database_written(name: Any) -> str | None:
    """The file that `sqlite3.connect(name)` may write to."""
    path = os.fsdecode(name)
    if path.startswith("file:"):  # the event does not tell whether `uri` is true
        parts = urlsplit(path)
        if parse_qs(parts.query).get("mode", [""])[-1] in ("ro", "memory"):
            return None
        path = unquote(parts.path)
    return None if path in ("", ":memory:") else path


def absolute(path: str, folder: int | None) -> str:
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


def resolve_folder(path: str) -> str:
    """The place of `path` itself, which may be a link."""
    folder, name = os.path.split(path.rstrip(os.sep))
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    return os.path.join(os.path.realpath(folder), name)


def opens_for_writing(mode: Any, flags: Any) -> bool:
    """Whether the `mode` of `open`, or the `flags` of `os.open` where that is None, may write."""
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITES)
