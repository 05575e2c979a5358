"""What the host answers where the worker does not."""

from __future__ import annotations

from dataclasses import replace

from .protocol import (
    Answer,
    Failure,
    FileRequest,
    ModelRequest,
    Ready,
    Result,
    Stage,
    TraceResult,
    unanswered,
    unframe,
)


def parsed(line: str | None) -> Answer | None:
    """The worker's message in a line; None where there is none."""
    try:
        return None if line is None else unframe(line)
    except (ValueError, KeyError, TypeError):
        return None


def died(stage: Stage, exception: str, message: str) -> Failure:
    """What is told of a worker that has ended, or must be."""
    return Failure(stage, exception, message)


def not_started(python: str, message: str) -> Ready:
    """What is told of an interpreter in which no worker can be started."""
    advice = "--python names an interpreter that has numpyro; --static traces nothing"
    return Ready("", python, failure=Failure("start", "OSError", message, advice=advice))


def failed(request: FileRequest, model: ModelRequest, failure: Failure, ready: Ready) -> Result:
    """The answer for a model that the worker did not answer for."""
    answer = unanswered(request.stage, model, failure)
    if not isinstance(answer, TraceResult):
        return answer
    return replace(answer, python=ready.python, numpyro=ready.numpyro, jax=ready.jax)


def skipped(request: FileRequest, model: ModelRequest, ready: Ready) -> Result:
    """The answer for a model that is wanted no more."""
    failure = Failure("deadline", "Cancelled", "the trace was cancelled")
    return replace(failed(request, model, failure, ready), status="skipped")
