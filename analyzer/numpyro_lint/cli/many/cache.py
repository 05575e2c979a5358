"""Static reports that are kept for the next run, in the user's cache folder.

An entry is named after all that the report of a file depends on and that is known beforehand: its
text, its path, the current folder, the settings, this program's own sources, and Python. What it
rests on in other files stands in it, and is looked up. An entry is written whole or not at all; one
that is damaged is as if it was not there. Traces are not kept: docs/scale.md says why.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

from numpyro_lint.check import Report
from numpyro_lint.cli.many.packed import Noting, Wants, unpack
from numpyro_lint.config import Settings
from numpyro_lint.text import Source
from numpyro_lint_runtime.caches import prune, user_caches

# The most that is kept, in bytes.
MOST = 128 << 20
# Seconds after which the use of an entry is noted, so that what is used does not grow old.
_RECENT = 24 * 3600.0
_SIZE = 20


def folder() -> str | None:
    """Where entries are kept; None where the user has no cache folder."""
    caches = user_caches()
    return os.path.join(caches, "numpyro-lint", "static") if os.path.isdir(caches) else None


class Cache:
    """The entries of one run: of some settings, with what it wants to show.

    Nothing here raises: `trouble` says why something could not be kept.
    """

    def __init__(self, folder: str, settings: Settings, wants: Wants, project: Noting) -> None:
        self.folder, self.project = folder, project
        self.trouble = ""
        self._written = False
        about = (_own_sources(), sys.version, _current_folder(), settings, wants)
        self._common = hashlib.blake2b(
            repr(about).encode(errors="surrogatepass"), digest_size=_SIZE
        )

    def get(self, source: Source) -> Report | None:
        """The report of a file, if it is kept and rests on what is there today."""
        path = self._path(source)
        try:
            with open(path, "rb") as file:
                checksum, data = file.read(_SIZE), file.read()
            if _checksum(data) != checksum:
                return None
            report, notes = unpack(data, source)
        except (OSError, ValueError):
            return None
        if not self.project.holds(notes):
            return None
        with contextlib.suppress(OSError):
            if time.time() - os.stat(path).st_mtime > _RECENT:
                os.utime(path)
        return report

    def put(self, source: Source, data: bytes) -> None:
        """Keep the report of a file, packed."""
        if self.trouble:
            return
        half = ""
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            handle, half = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "wb") as file:
                file.write(_checksum(data) + data)
            os.replace(half, self._path(source))
            self._written = True
        except OSError as error:
            self.trouble = f"{self.folder}: {error.strerror}"
            with contextlib.suppress(OSError):
                os.unlink(half)

    def close(self) -> None:
        """Remove what is too much."""
        if self._written:
            with contextlib.suppress(OSError):
                prune(self.folder, MOST)

    def _path(self, source: Source) -> str:
        key = self._common.copy()
        key.update(repr((source.path, source.cells, source.damage)).encode(errors="surrogatepass"))
        key.update(source.text.encode(errors="surrogatepass"))
        return os.path.join(self.folder, key.hexdigest())


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SIZE).digest()


def _current_folder() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        return ""


def _own_sources() -> str:
    """What tells this program from itself after any change: a version does not, in development."""
    import numpyro_lint

    found = hashlib.blake2b(digest_size=_SIZE)
    for path in sorted(Path(numpyro_lint.__file__).parent.rglob("*.py")):
        found.update(path.name.encode())
        found.update(path.read_bytes())
    return found.hexdigest()
