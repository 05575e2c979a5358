"""The files of a project that import another: where a module's models may be run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache

from numpyro_lint.model.project import root_of

_IMPORT = rb"^[ \t\"]*(?:from|import)[ \t]+([^\n#]*)"
_NAME = rb"\w+"
_MOST_FILES = 2000
_LARGEST = 4 << 20
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist"})


class Importers:
    """Finds importers by the words of their import lines; each file is read once."""

    def __init__(self) -> None:
        self._words: dict[str, tuple[int, frozenset[str]]] = {}

    def of(self, path: str) -> list[str]:
        """The files that may import the one at `path`, nearest first."""
        path = os.path.abspath(path)
        folder, name = os.path.split(path)
        module = name.partition(".")[0] if name != "__init__.py" else os.path.basename(folder)
        root = root_of(folder)
        found = [
            each
            for each in _files(root or folder, deep=root is not None)
            if each != path and module in self._imported(each)
        ]
        return sorted(found, key=lambda each: (len(os.path.relpath(each, folder)), each))

    def _imported(self, path: str) -> frozenset[str]:
        try:
            status = os.stat(path)
            known = self._words.get(path)
            if known is None or known[0] != status.st_mtime_ns:
                words = frozenset[str]()
                if status.st_size <= _LARGEST:
                    with open(path, "rb") as file:
                        words = _words(file.read())
                known = self._words[path] = status.st_mtime_ns, words
        except OSError:
            return frozenset()
        return known[1]


@cache
def importers() -> Importers:
    """Those of this process."""
    return Importers()


def _words(data: bytes) -> frozenset[str]:
    if b"numpyro" not in data:
        return frozenset()
    lines = re.findall(_IMPORT, data.replace(b"\\n", b"\n"), re.MULTILINE)
    words = (word for line in lines for word in re.findall(_NAME, line))
    return frozenset(word.decode(errors="replace") for word in words)


def _files(root: str, deep: bool) -> Iterator[str]:
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
