"""Exceptions as `Failure`s, with the place in the user's code."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TypeVar

import jax
import numpyro

from ..protocol import Failure, ModelRequest, Position, Stage, TraceResult
from .frames import position_of_error

_Error = TypeVar("_Error", bound=BaseException)
_LONGEST = 4000
# Where JAX goes on to list the lines that staged the model, which are ours.
_OUR_LINES = "\nThe error occurred while tracing the function staged at"


def text_of(error: BaseException) -> str:
    """What an exception says; its own `__str__` may fail."""
    try:
        return str(error).partition(_OUR_LINES)[0][:_LONGEST]
    except Exception:
        return "(its message cannot be shown)"


class Refused(PermissionError):
    """What the guard raises. A PermissionError, since imports survive those."""


class Unavailable(Exception):
    """A value is used that could not be had; `failure` tells why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def _within(error: BaseException, kind: type[_Error]) -> _Error | None:
    """The first error of a kind among an error and those that led to it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, kind):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def _syntax_position(error: SyntaxError) -> Position | None:
    if error.lineno is None:
        return None
    end = error.end_lineno or error.lineno
    return Position(error.lineno, 0, end, 0)


def failure_of(
    error: BaseException, stage: Stage, own: str | None, advice: str | None = None
) -> Failure:
    """What is told of an exception. `own` is the file whose positions carry no path."""
    unavailable = _within(error, Unavailable)
    if unavailable is not None:
        told = unavailable.failure
        at = told.position or position_of_error(error.__traceback__, own)
        return replace(told, position=at)
    refusal = _within(error, Refused)
    if refusal is not None:
        stage = "refused"
        advice = "The trace may not do this: move it out of what the model needs."
    position = position_of_error(error.__traceback__, own)
    if position is None and isinstance(error, SyntaxError) and error.filename == own:
        position = _syntax_position(error)
    return Failure(stage, type(error).__name__, text_of(refusal or error), position, advice)


def failed(model: ModelRequest, failure: Failure, seconds: float) -> TraceResult:
    """The answer for a model that was not traced."""
    version = ".".join(map(str, sys.version_info[:3]))
    return TraceResult(
        model.id, "failed", model.mode, seconds, model.seed,
        version, numpyro.__version__, jax.__version__, failure=failure,
    )  # fmt: skip
