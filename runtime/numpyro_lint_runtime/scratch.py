"""Folders for what a trace writes, and their end."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile


def make() -> str:
    """A new folder that is ours alone."""
    return tempfile.mkdtemp(prefix="numpyro-lint-")


def remove(folder: str) -> None:
    """Remove a folder, also where a program has locked parts of it. Never raises."""
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.isdir(folder):
        for path, folders, _ in os.walk(folder):
            for name in folders:
                with contextlib.suppress(OSError):
                    os.chmod(os.path.join(path, name), 0o700)
        shutil.rmtree(folder, ignore_errors=True)
