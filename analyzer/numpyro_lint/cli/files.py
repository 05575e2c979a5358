"""From what the user names to the files that are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

ENDINGS = (".py", ".ipynb")
_SKIPPED = {"node_modules", "__pycache__", "site-packages", "build", "dist", "venv", "env"}


class UsageError(Exception):
    """What the user asked for cannot be done; the message says what and where."""


def find(paths: Iterable[str], excluded: Callable[[str], bool], force: bool = False) -> list[str]:
    """The Python files and notebooks that the paths name, each once, as the user gave them.

    Folders are searched; what git ignores is left out, and what is `excluded`; a file that is named
    is read all the same, unless `force`. Raises UsageError.
    """
    found: dict[str, None] = {}
    for path in paths:
        if os.path.isdir(path):
            for each in sorted(_in_folder(path)):
                if not excluded(each):
                    found[each] = None
        elif os.path.isfile(path):
            if not (force and excluded(path)):
                found[_posix(path)] = None
        elif os.path.exists(path):
            raise UsageError(f"{path}: neither a file nor a folder")
        else:
            raise UsageError(f"{path}: no such file or folder")
    first: dict[str, str] = {}
    for path in found:
        first.setdefault(os.path.realpath(path), path)
    return list(first.values())


def _posix(path: str) -> str:
    return os.path.normpath(path).replace(os.sep, "/")


def _in_folder(folder: str) -> Iterator[str]:
    by_git = _by_git(folder)
    listed = _by_walking(folder) if by_git is None else by_git
    base = _posix(folder)
    for name in listed:
        yield name if base == "." else f"{base}/{name}"


def _by_git(folder: str) -> list[str] | None:
    """The files of a folder that git does not ignore.

    None outside of a repository, and for a folder that is ignored as a whole: it was named.
    """
    import subprocess

    command = ["git", "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        run = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return None
    if run.returncode != 0:
        return None
    names = {os.fsdecode(name) for name in run.stdout.split(b"\0") if name}
    if not names:
        return None
    kept = [name for name in names if name.endswith(ENDINGS)]
    return [name for name in kept if os.path.isfile(os.path.join(folder, name))]


def _by_walking(folder: str) -> Iterator[str]:
    for root, names in walk(folder):
        for name in names:
            if name.endswith(ENDINGS) and os.path.isfile(os.path.join(root, name)):
                yield _posix(os.path.relpath(os.path.join(root, name), folder))


def walk(folder: str) -> Iterator[tuple[str, list[str]]]:
    """The folders that are searched, with the names of what is in each: not what tools fill."""
    for root, folders, names in os.walk(folder):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and not os.path.exists(os.path.join(root, name, "pyvenv.cfg"))
        ]
        yield root, names
