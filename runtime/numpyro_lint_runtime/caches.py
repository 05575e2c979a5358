"""The folder of the user's caches, and what keeps a folder in it from growing."""

from __future__ import annotations

import contextlib
import os
import sys
import time

# For how long an entry is kept that is not used, in seconds.
OLDEST = 30 * 24 * 3600.0


def user_caches() -> str:
    """The folder of the user's caches, whether it is there or not."""
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Caches")
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA", "")
    return os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")


def prune(folder: str, most: int, oldest: float = OLDEST) -> None:
    """Remove what is old in a folder, and the oldest of what is more than `most` bytes.

    Others may do so at the same time. Raises OSError where the folder cannot be listed.
    """
    found = []
    for entry in os.scandir(folder):
        with contextlib.suppress(OSError):
            found.append((entry.stat(), entry.path))
    size, now = 0, time.time()
    for status, path in sorted(found, key=lambda each: -each[0].st_mtime):
        size += status.st_size
        if size > most or now - status.st_mtime > oldest:
            with contextlib.suppress(OSError):
                os.remove(path)
