"""The other files of a project: which file an import means, and its text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from numpyro_lint import text
from numpyro_lint.facts.api import SILENT_PACKAGES
from numpyro_lint.record import replace
from numpyro_lint.syntax.parse import Tree, parse
from numpyro_lint.text import Source

_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
_LARGEST = 1 << 20
Found = tuple[str, tuple[str, ...]]


class Project:
    """Finds and reads the Python files around those that are analysed, each once.

    `unsaved` gives the text of a file that an editor holds, None for all others.
    """

    def __init__(self, unsaved: Callable[[str], str | None] | None = None) -> None:
        self.unsaved = unsaved
        self._roots: dict[str, tuple[str, ...]] = {}
        self._trees: dict[str, tuple[object, tuple[Source, Tree] | None]] = {}

    def find(self, path: str, qualified: str) -> Found | None:
        """The file that `qualified` leads to from the file at `path`, and what is left of it.

        `pkg.models.make` is `pkg/models.py` and `("make",)`. None where it leads out of the
        project.
        """
        name = qualified.lstrip(".")
        level = len(qualified) - len(name)
        parts = tuple(name.split(".")) if name else ()
        folder = os.path.dirname(os.path.abspath(path))
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return _located(folder, parts)
        if parts[0] in SILENT_PACKAGES or parts[0] == "numpyro":
            return None
        for root in self._roots_of(folder):
            found = _located(root, parts)
            if found is not None and found[0] != os.path.join(root, "__init__.py"):
                return found
        return None

    def read(self, path: str) -> tuple[Source, Tree] | None:
        """A file and its statements; None where it cannot be read."""
        held = self.unsaved(path) if self.unsaved else None
        stamp = held if held is not None else _stamp(path)
        known = self._trees.get(path)
        if known is None or known[0] != stamp:
            known = stamp, _read(path, held)
            self._trees[path] = known
        return known[1]

    def text(self, path: str) -> str | None:
        """The text of a file, without reading its statements; None where it cannot be read."""
        source = _source(path, self.unsaved(path) if self.unsaved else None)
        return None if source is None else source.text

    def _roots_of(self, folder: str) -> tuple[str, ...]:
        if folder not in self._roots:
            self._roots[folder] = tuple(dict.fromkeys(_roots(folder)))
        return self._roots[folder]


def _roots(folder: str) -> Iterator[str]:
    """Where absolute imports of a file may start: beside it, above its package, in its project."""
    yield folder
    above = folder
    while os.path.isfile(os.path.join(above, "__init__.py")):
        above = os.path.dirname(above)
    yield above
    root = root_of(above)
    if root is not None:
        yield root
        yield os.path.join(root, "src")


def root_of(folder: str) -> str | None:
    """The project that a folder is in; None where nothing marks one."""
    while os.path.dirname(folder) != folder:
        if any(os.path.exists(os.path.join(folder, mark)) for mark in _MARKS):
            return folder
        folder = os.path.dirname(folder)
    return None


def _located(folder: str, parts: tuple[str, ...]) -> Found | None:
    """The deepest file that the first parts of a dotted name lead to."""
    found: Found | None = None
    package = os.path.join(folder, "__init__.py")
    if os.path.isfile(package):
        found = package, parts
    for count, part in enumerate(parts, 1):
        folder = os.path.join(folder, part)
        module = f"{folder}.py"
        if os.path.isfile(module):
            return module, parts[count:]
        if not os.path.isdir(folder):
            break
        package = os.path.join(folder, "__init__.py")
        if os.path.isfile(package):
            found = package, parts[count:]
    return found


def _stamp(path: str) -> object:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _read(path: str, held: str | None) -> tuple[Source, Tree] | None:
    source = _source(path, held)
    if source is None:
        return None
    source = replace(source, path=_shown(path))
    return source, parse(source)


def _source(path: str, held: str | None) -> Source | None:
    try:
        if held is None and os.path.getsize(path) > _LARGEST:
            return None
        return text.load(path) if held is None else Source(path, held)
    except (OSError, ValueError):
        return None


def _shown(path: str) -> str:
    """A path as people read it: from the current folder on, if it is below that."""
    below = os.path.relpath(path)
    return (path if below.startswith(os.pardir) else below).replace(os.sep, "/")
