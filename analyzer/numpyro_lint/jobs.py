"""What is asked of the worker for each model, and what is said where that does not help."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from numpyro_lint.config import Settings
from numpyro_lint.entries import required
from numpyro_lint.model.attach import Attached, Origin, attach, fails_by_default
from numpyro_lint.model.ir import Const
from numpyro_lint.model.program import Function, Module
from numpyro_lint.record import record
from numpyro_lint.slicing import Plan, Slicer
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source
from numpyro_lint_runtime.protocol import Failure, FileRequest, ModelRequest, TraceResult

# What arguments of the user's own would help against.
_ADVISED = frozenset({"slice", "arguments"})
# What does not lie with the model itself.
_LACKING = frozenset({"import", "slice", "arguments", "refused"})
_PATHS = "relative paths start at the current folder, or at that of the file"


@record
class Job:
    """A model to trace: the ways that lead to it, and why the first of the others does not."""

    function: Function
    plans: tuple[Plan, ...]
    reason: str


def job_of(slicer: Slicer, function: Function, settings: Settings) -> Job:
    """What there is to try for a model."""
    source = slicer.source
    given = arguments_of(settings.models, source.path, function.name)
    plans, reason = slicer.plans(function, given, settings.seed, settings.timeout)
    return Job(function, tuple(plans), reason)


def arguments_of(
    models: Mapping[str, Mapping[str, str]], path: str, name: str
) -> Mapping[str, str] | None:
    """The configured arguments of a model: its key is the path, or its end, and the name."""
    for key, arguments in models.items():
        file, _, model = key.rpartition(":")
        parts, wanted = Path(path).as_posix().split("/"), file.split("/")
        if model == name and parts[-len(wanted) :] == wanted:
            return arguments
    return None


def file_request(
    source: Source, models: Sequence[ModelRequest], capture: bool = False
) -> FileRequest:
    """A request to trace models of a file from the current folder, where there still is one."""
    path = str(Path(source.path).absolute())
    try:
        root = str(Path.cwd())
    except FileNotFoundError:
        root = os.path.dirname(path)
    return FileRequest(path, parse(source).text, tuple(models), root, capture)


def request_of(plans: Sequence[Plan]) -> ModelRequest:
    """The first way to a model, with the others to try where that leads nowhere."""
    first, *others = (plan.request for plan in plans)
    return dataclasses.replace(first, others=tuple(others))


def advised(job: Job, result: TraceResult, advice: str | None) -> TraceResult:
    """A result that says what would help, where nobody knows more."""
    failure = result.failure
    if failure is None or failure.advice is not None or failure.stage not in _ADVISED:
        return result
    if job.reason and not any(plan.request.sure for plan in job.plans):
        # Runs that may be of it have turned out not to be.
        failure = dataclasses.replace(failure, exception="", message=job.reason)
    if failure.exception == "FileNotFoundError" and "'/" not in failure.message:
        advice = f"{_PATHS}; {advice}" if advice else _PATHS
    return with_advice(dataclasses.replace(result, failure=failure), advice)


def with_advice(result: TraceResult, advice: str | None) -> TraceResult:
    """A result that says what would help, if nothing else is said to."""
    failure = result.failure
    if failure is None or failure.advice is not None:
        return result
    return dataclasses.replace(result, failure=dataclasses.replace(failure, advice=advice))


def advice_to(function: Function) -> str | None:
    """How a user gives a model its arguments, if it takes any."""
    if function.is_method or not function.params:
        return None
    names = required(function) or [param.name for param in function.taken]
    given = ", ".join(f"{name}=..." for name in names)
    return f"give its arguments in a comment above it: # numpyro-lint: trace({given})"


def or_capture(advice: str | None) -> str:
    """Advice where there are calls, which the program as a whole comes to."""
    return f"{advice}, or pass --capture" if advice else "pass --capture"


def skipped(module: Module, job: Job, settings: Settings) -> Attached:
    """What is told of a model that no way leads to."""
    reason = job.reason or "no call in this file shows its arguments"
    advice = advice_to(job.function)
    if job.reason or module.runs:
        advice = or_capture(advice)
    failure = Failure("arguments", "", reason, None, advice)
    result = TraceResult(str(job.function.key), "skipped", seed=settings.seed, failure=failure)
    return attach(module, job.function, result, Origin("none"))


def lacks_arguments(attached: Attached) -> bool:
    """Whether other arguments, or another way to a model, may help."""
    failure = attached.result.failure
    return not attached.ok and failure is not None and failure.stage in _LACKING


def lacks_optional(job: Job, attached: Attached) -> bool:
    """Whether a model does not do with the None that is the default of a parameter."""
    failure = attached.result.failure
    if failure is None or not fails_by_default(attached, job.function):
        return False
    by_none = failure.exception in ("TypeError", "AttributeError") and "None" in failure.message
    return by_none and any(p.default == Const(None) for p in job.function.params)
