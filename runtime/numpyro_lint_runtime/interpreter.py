"""Which Python the user's models run in."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Literal, NamedTuple

Origin = Literal["option", "config", "VIRTUAL_ENV", ".venv", "this"]


class Interpreter(NamedTuple):
    """The interpreter's path, and where it came from. `missing`: nothing can be run there."""

    path: str
    origin: Origin
    missing: bool = False


def _in_environment(folder: str) -> str:
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder, *parts)


def _resolve(python: str, base: str) -> str:
    """A path as given (relative to `base`), a virtual environment's folder, or a name on PATH."""
    place = os.path.join(base, os.path.expanduser(python))
    if os.path.isdir(place):
        return _in_environment(place)
    if os.path.exists(place) or os.path.dirname(python):
        return place
    return shutil.which(python) or place


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def find_interpreter(
    option: str | None = None,
    config: str | None = None,
    *,
    folder: str = ".",
    environ: Mapping[str, str] | None = None,
) -> Interpreter:
    """The option, else the configuration, VIRTUAL_ENV, `.venv` in `folder` only, else this Python.

    What is named outright is taken even where it is missing, so that the user hears of it;
    an environment that is only found is passed over then.
    """
    environ = os.environ if environ is None else environ
    here = os.path.abspath(folder)
    named: tuple[tuple[str | None, Origin], ...] = ((option, "option"), (config, "config"))
    for python, origin in named:
        if python:
            path = _resolve(python, here)
            return Interpreter(path, origin, not _runs(path))
    active = environ.get("VIRTUAL_ENV")
    found: tuple[tuple[str | None, Origin], ...] = (
        (active, "VIRTUAL_ENV"),
        (os.path.join(here, ".venv"), ".venv"),
    )
    for environment, origin in found:
        if environment and _runs(path := _in_environment(environment)):
            return Interpreter(path, origin)
    return Interpreter(sys.executable, "this")
