"""The files of a project that import another: where a module's models may be run and named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from numpyro_lint.model.project import root_of

_IMPORT = rb"^[ \t\"]*(?:from|import)[ \t]+([^\n#]*)"
_NAME = rb"\w+"
_MOST_FILES = 2000
# A notebook may hold pictures.
_LARGEST = 64 << 20
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist"})


class _Imports(NamedTuple):
    """The words of a file's import lines, when it was read. `is_ours`: it may hold models."""

    stamp: int
    words: frozenset[str] = frozenset()
    is_ours: bool = False


class Importers:
    """Finds importers by the words of their import lines; each file is read once."""

    def __init__(self) -> None:
        self._known: dict[str, _Imports] = {}

    def of(self, path: str) -> list[str]:
        """The files with models that may import the one at `path`, nearest first."""
        path = os.path.abspath(path)
        folder, module = os.path.dirname(path), _module(path)
        found = [
            each
            for each in files_around(path)
            if each != path and (known := self._imports(each)).is_ours and module in known.words
        ]
        return sorted(found, key=lambda each: (len(os.path.relpath(each, folder)), each))

    def may_import(self, path: str, other: str) -> bool:
        """Whether the file at `path` may import the one at `other`."""
        return _module(other) in self._imports(path).words

    def reach(self, path: str) -> list[str]:
        """The files that may lead to the one at `path`, through others and packages as well."""
        path = os.path.abspath(path)
        around = {each: self._imports(each).words for each in files_around(path)}
        found, queue = {path}, [path]
        while queue:
            module = _module(queue.pop())
            more = [each for each, words in around.items() if module in words and each not in found]
            found.update(more)
            queue += more
        return sorted(found - {path})

    def _imports(self, path: str) -> _Imports:
        try:
            status = os.stat(path)
            known = self._known.get(path)
            if known is None or known.stamp != status.st_mtime_ns:
                known = _Imports(status.st_mtime_ns)
                if status.st_size <= _LARGEST:
                    with open(path, "rb") as file:
                        known = _read(path, file.read(), status.st_mtime_ns)
                self._known[path] = known
        except OSError:
            return _Imports(0)
        return known


@cache
def importers() -> Importers:
    """Those of this process."""
    return Importers()


def _module(path: str) -> str:
    """The last part of the name under which a file is imported."""
    folder, name = os.path.split(path)
    return name.partition(".")[0] if name != "__init__.py" else os.path.basename(folder)


def _read(path: str, data: bytes, stamp: int) -> _Imports:
    is_ours = b"numpyro" in data
    # A package may hand on what others of its files have.
    if not is_ours and os.path.basename(path) != "__init__.py":
        return _Imports(stamp)
    lines = re.findall(_IMPORT, data.replace(b"\\n", b"\n"), re.MULTILINE)
    words = (word for line in lines for word in re.findall(_NAME, line))
    return _Imports(stamp, frozenset(word.decode(errors="replace") for word in words), is_ours)


def files_around(path: str) -> Iterator[str]:
    """The Python files and notebooks of the project that a file is in, or else of its folder."""
    folder = os.path.dirname(path)
    root = root_of(folder)
    return files_of(root or folder, deep=root is not None)


def has_more(path: str) -> bool:
    """Whether the project that a file is in has more files than are looked through."""
    return sum(1 for _ in files_around(path)) >= _MOST_FILES


def files_of(root: str, deep: bool = True) -> Iterator[str]:
    """The Python files and notebooks below a folder, environments and the like left out."""
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            each
            for each in folders
            if deep and each[0] != "." and each not in _SKIPPED
            if not os.path.exists(os.path.join(folder, each, "pyvenv.cfg"))
        )
        for name in sorted(names):
            if name.endswith((".py", ".ipynb")):
                yield os.path.join(folder, name)
                count += 1
                if count >= _MOST_FILES:
                    return
