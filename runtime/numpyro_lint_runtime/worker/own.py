"""The worker's own modules, and their byte code.

A worker writes no byte code, so that it leaves nothing beside the user's files. That of its own
modules is kept where Python keeps it, as of any package: no installer need have made it for the
Python that the worker runs in, and to compile it takes as long as a trace.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

_keeps = False


def keep_byte_code(keeps: bool) -> None:
    """Say whether byte code may be written at all."""
    global _keeps
    _keeps = keeps


def module(name: str) -> ModuleType:
    """A module of the worker, imported."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = before and not _keeps
    try:
        return importlib.import_module(f".{name}", __package__)
    finally:
        sys.dont_write_bytecode = before
