"""Where in the user's code something happens: frames and tracebacks as positions."""

from __future__ import annotations

import dis
import functools
import importlib.util
import os
import site
import sys
import sysconfig
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import Any, TypeVar

from ..protocol import Position

_BEFORE_WITH = dis.opmap.get("BEFORE_WITH")
_RAISE = dis.opmap["RAISE_VARARGS"]
_GENERATED = ("<frozen", "<string>", "<attrs", "<__array_function__", "<numpyro_lint")


def _package_folder(name: str) -> str | None:
    spec = importlib.util.find_spec(name)
    places = None if spec is None else spec.submodule_search_locations
    return None if not places else os.path.join(os.path.realpath(next(iter(places))), "")


@functools.cache
def _library_folders() -> tuple[str, ...]:
    """Folders whose code is not the user's: the standard library, site-packages and ourselves."""
    paths = sysconfig.get_paths()
    folders = [paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += [*site.getsitepackages(), site.getusersitepackages()]
    packages = [_package_folder(name) for name in ("numpyro", "jax", "jaxlib")]
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = {os.path.join(folder, "") for folder in (*folders, here)}
    found |= {os.path.join(os.path.realpath(folder), "") for folder in folders}
    return tuple(sorted(found | {package for package in packages if package}))


@functools.lru_cache(maxsize=4096)
def is_users(filename: str) -> bool:
    return not filename.startswith((*_GENERATED, *_library_folders()))


@functools.lru_cache(maxsize=512)
def _spans(code: CodeType) -> tuple[tuple[int | None, int | None, int | None, int | None], ...]:
    positions = getattr(code, "co_positions", None)  # Python 3.11 and later
    return () if positions is None else tuple(positions())


def _position(code: CodeType, last: int, line: int | None, own: str | None) -> Position:
    path = None if code.co_filename == own else code.co_filename
    spans = _spans(code)
    index = last // 2
    if code.co_code[last] == _BEFORE_WITH:
        index -= 1  # Python 3.11 gives it the whole statement; before it stands the context
    if 0 <= index < len(spans):
        start, end, column, end_column = spans[index]
        if start is not None and end is not None:
            if column is not None and end_column is not None:
                return Position(start, column, end, end_column, path)
    return Position(line or 0, 0, line or 0, 0, path)


def position_of_frame(traceback: TracebackType) -> Position:
    """Where in its own file one entry of a traceback stands."""
    frame = traceback.tb_frame
    own = frame.f_code.co_filename
    return _position(frame.f_code, traceback.tb_lasti, traceback.tb_lineno, own)


def positions_of_callers(own: str | None) -> tuple[Position | None, tuple[Position, ...]]:
    """The span of the call in progress in the innermost frame of the user's code, and those of the
    calls that lead there from where the trace began, outermost first.

    `own` is the file of the request: its frames are the user's wherever it stands.
    """
    found: list[Position] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code not in _beginnings:
        filename = frame.f_code.co_filename
        if filename == own or is_users(filename):
            found.append(_position(frame.f_code, frame.f_lasti, frame.f_lineno, own))
        frame = frame.f_back
    return (found[0] if found else None), tuple(reversed(found[1:]))


F = TypeVar("F", bound=Callable[..., Any])
_beginnings: set[CodeType] = set()


def begins(function: F) -> F:
    """Says of a function that what it calls is the trace: frames outside of it lead nowhere."""
    _beginnings.add(function.__code__)
    return function


def asker(own: str | None) -> tuple[Position | None, Position | None, bool]:
    """Who asks for the operation in progress: the line of the file `own` (else of other code of the
    user), the user's innermost line, and whether an import of a library stands between.
    """
    frame: FrameType | None = sys._getframe(1)
    innermost: Position | None = None
    imported = False
    while frame is not None:
        code = frame.f_code
        if code.co_filename == own or is_users(code.co_filename):
            position = _position(code, frame.f_lasti, frame.f_lineno, own)
            innermost = innermost or position
            if code.co_filename == own:
                return position, innermost, imported
        elif innermost is None and code.co_filename.startswith("<frozen importlib"):
            imported = True
        frame = frame.f_back
    return innermost, innermost, imported


def position_of_error(traceback: TracebackType | None, own: str | None) -> Position | None:
    """The innermost position of a traceback in the user's file, else in other code of the user."""
    in_own: Position | None = None
    in_other: Position | None = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == own:
            in_own = _position(code, traceback.tb_lasti, traceback.tb_lineno, own)
        elif is_users(code.co_filename):
            in_other = _position(code, traceback.tb_lasti, traceback.tb_lineno, own)
        traceback = traceback.tb_next
    return in_own or in_other


def way_of_error(traceback: TracebackType | None, own: str | None) -> tuple[tuple[str, ...], str]:
    """The functions of NumPyro that an exception passed below the user's code, outermost first, and
    the package that raised it: "" for a `raise` or `assert` of the user's own."""
    through: list[str] = []
    raised_by = ""
    while traceback is not None:
        code, name = traceback.tb_frame.f_code, str(traceback.tb_frame.f_globals.get("__name__"))
        if code.co_filename == own or is_users(code.co_filename):
            through = []
            raises = code.co_code[traceback.tb_lasti] == _RAISE
            raised_by = "" if raises else "builtins"
        else:
            raised_by = name.partition(".")[0]
            if raised_by == "numpyro":
                through.append(getattr(code, "co_qualname", code.co_name))
        traceback = traceback.tb_next
    return tuple(dict.fromkeys(through)), raised_by
