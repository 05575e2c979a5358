"""Exceptions as `Failure`s, with the place in the user's code."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TypeVar

import jax
import numpyro

from ..protocol import Failure, ModelRequest, Position, Stage, TraceResult
from . import kernel
from .frames import position_of_error, way_of_error

_Error = TypeVar("_Error", bound=BaseException)
_LONGEST = 4000
_FUNCTIONS = 20
_ADVICE = "move it out of what the model needs"
_FETCH = "fetch the data beforehand and have the program read the file"
# Else by what is refused: much that makes a folder does so for data that it is about to fetch.
_ADVICE_ON = {
    "download": _FETCH,
    "connect to the network": _FETCH,
    "look up the network": _FETCH,
    "make the folder": "run the program once by itself, so that it is there",
}
# Packages that are installed by another name than they are imported by.
_DISTRIBUTIONS = {
    "PIL": "pillow",
    "cv2": "opencv-python",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
# Where JAX goes on to list the lines that staged the model, which are ours.
_OUR_LINES = "\nThe error occurred while tracing the function staged at"


def text_of(error: BaseException) -> str:
    """What an exception says; its own `__str__` may fail."""
    try:
        text = str(error).partition(_OUR_LINES)[0][:_LONGEST]
    except BaseException:
        return "(its message cannot be shown)"
    return text.encode("utf-8", "backslashreplace").decode()  # there may be half a surrogate pair


class Refused(PermissionError):
    """What the guard raises. A PermissionError, since imports survive those.

    `position` is the line of the user's that asked.
    """

    def __init__(self, message: str, position: Position | None = None) -> None:
        super().__init__(message)
        self.position = position


class Left(SystemExit):
    """What ends a model that calls `os._exit`, before that ends the process without an answer."""

    def __init__(self, message: str, position: Position | None = None) -> None:
        super().__init__(message)
        self.position = position


class Unavailable(Exception):
    """A value is used that could not be had; `failure` tells why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def _within(error: BaseException, kinds: tuple[type[_Error], ...]) -> _Error | None:
    """The first error of some kinds among an error and those that led to it."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, kinds):
            return each
        group = getattr(each, "exceptions", ())  # that of an ExceptionGroup
        linked = (each.__context__, each.__cause__, *(group if isinstance(group, tuple) else ()))
        waiting += [e for e in linked if isinstance(e, BaseException)]
    return None


def _syntax_position(error: SyntaxError) -> Position | None:
    if error.lineno is None:
        return None
    end = error.end_lineno or error.lineno
    return Position(error.lineno, 0, end, 0)


def _instead_of(refused: str) -> str:
    what = refused.removeprefix("a trace may not ")
    return next((_ADVICE_ON[each] for each in _ADVICE_ON if what.startswith(each)), _ADVICE)


def failure_of(
    error: BaseException,
    stage: Stage,
    own: str | None,
    advice: str | None = None,
    site: str | None = None,
) -> Failure:
    """What is told of an exception. `own` is the file whose positions carry no path; `site` is the
    name of the message that was on its way."""
    unavailable = _within(error, (Unavailable,))
    if unavailable is not None:
        told = unavailable.failure
        at = told.position or position_of_error(error.__traceback__, own)
        return replace(told, position=at)
    refused = _within(error, (Refused,)) or _within(error, (Left,))
    position = position_of_error(error.__traceback__, own)
    if refused is not None:
        said = text_of(refused)
        at = refused.position or position
        return Failure("refused", "Refused", said, at, _instead_of(said))
    if isinstance(error, PermissionError) and kernel.may_have_refused(error):
        message = f"a trace may not write or connect: {text_of(error)}"
        return Failure("refused", type(error).__name__, message, position, _ADVICE)
    if position is None and isinstance(error, SyntaxError) and error.filename == own:
        position = _syntax_position(error)
    through, raised_by = way_of_error(error.__traceback__, own)
    return Failure(
        stage, type(error).__name__, text_of(error), position, advice,
        through[:_FUNCTIONS], raised_by, site,
    )  # fmt: skip


def _is_program(filename: str | None, own: str) -> bool:
    """Whether it is another file that was imported, and not a text that was parsed."""
    return filename is not None and filename != own and filename.endswith(".py")


def advice_on(error: BaseException, own: str) -> str | None:
    """What would help against an exception, where that is known."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.split(".")[0]
        named = _DISTRIBUTIONS.get(package, package)
        return f"install {named!r} for {sys.executable}, or name another interpreter by --python"
    if isinstance(error, SyntaxError) and _is_program(error.filename, own):
        version = ".".join(map(str, sys.version_info[:2]))
        return f"{sys.executable} is Python {version}; --python names another interpreter"
    return None


def failed(model: ModelRequest, failure: Failure, seconds: float) -> TraceResult:
    """The answer for a model that was not traced."""
    version = ".".join(map(str, sys.version_info[:3]))
    return TraceResult(
        model.id, "failed", model.mode, seconds, model.seed,
        version, numpyro.__version__, jax.__version__, failure=failure,
    )  # fmt: skip
