"""The process as the user's file expects it: folder, arguments, import path, packages."""

from __future__ import annotations

import os
import random
import sys
from typing import Any

import jax
import numpy as np


def _package_root(path: str) -> tuple[str, list[str]]:
    """The folder above the outermost package that the file is in, and the packages' names."""
    names: list[str] = []
    folder = os.path.dirname(path)
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        names.insert(0, name)
    return folder, names


def package_of(path: str) -> str:
    """The package that the relative imports of a file start from; empty where it is in none."""
    return ".".join(_package_root(path)[1])


def enter(path: str, root: str) -> None:
    """Make the file's own folder, its package and the project importable; stand in the project."""
    folder = os.path.dirname(path)
    above, _ = _package_root(path)
    wanted = list(dict.fromkeys([folder, above, root]))
    sys.path[:] = wanted + [entry for entry in sys.path if entry not in wanted]
    sys.argv = [path]
    # An editor may still hold the text of a file whose folder is gone.
    places = (each for each in (root, folder) if os.path.isdir(each))
    os.chdir(next(places, os.path.abspath(os.sep)))


def reset_randomness(seed: int) -> None:
    """Give Python's and numpy's own `random` a seed."""
    random.seed(seed)
    np.random.seed(seed % 2**32)


class Restorer:
    """Undoes, where there is no fork, what one file leaves behind for the next."""

    def __init__(self) -> None:
        self._modules = set(sys.modules)
        self._path = list(sys.path)
        self._config = self._jax_values()

    @staticmethod
    def _jax_values() -> dict[str, Any]:
        return dict(getattr(jax.config, "values", {}))

    def restore(self, folders: tuple[str, ...]) -> None:
        prefixes = tuple(os.path.join(folder, "") for folder in folders)
        for name in set(sys.modules) - self._modules:
            file = getattr(sys.modules[name], "__file__", None)
            if file is None or file.startswith(prefixes):
                del sys.modules[name]
        sys.path[:] = self._path
        for name, value in self._jax_values().items():
            if self._config.get(name) is not value and name in self._config:
                jax.config.update(name, self._config[name])
