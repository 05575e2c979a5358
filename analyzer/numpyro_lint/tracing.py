"""Traces of a file's models: plans to the worker, results joined to the text."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from numpyro_lint.config import Settings
from numpyro_lint.entries import required
from numpyro_lint.model.attach import Attached, Origin, attach, with_values
from numpyro_lint.model.ir import Const
from numpyro_lint.model.program import Function, Module
from numpyro_lint.record import record, replace
from numpyro_lint.slicing import Plan, Slicer
from numpyro_lint.stacking import SECONDS, StackPlan, stack_plans
from numpyro_lint.syntax.blocks import Unusable
from numpyro_lint.syntax.parse import Tree, parse
from numpyro_lint.synthesis import Synthesizer
from numpyro_lint.text import Source
from numpyro_lint_runtime.protocol import (
    Failure,
    FileRequest,
    ModelRequest,
    TraceResult,
    ValueResult,
)

# A program that is run as a whole has this many times the time of one model.
PROGRAM = 3.0
# What arguments of the user's own would help against.
_ADVISED = frozenset({"slice", "arguments"})
# What does not lie with the model itself.
_LACKING = frozenset({"import", "slice", "arguments", "refused"})


class Tracer(Protocol):
    """What traces files: `numpyro_lint_runtime.host.Host`."""

    def trace(self, request: FileRequest) -> Iterator[TraceResult]: ...

    def values(self, request: FileRequest) -> Iterator[ValueResult]: ...


@record
class _Job:
    function: Function
    plans: tuple[Plan, ...]
    reason: str


def trace_models(
    module: Module, settings: Settings, tracer: Tracer, tree: Tree | None = None
) -> Iterator[Attached]:
    """The trace of each model of a file, as it lands. A model that has none says why."""
    slicer = Slicer(module, tree or parse(module.source))
    return _trace(slicer, settings, tracer, ())


def trace_file(
    module: Module,
    settings: Settings,
    tracer: Tracer,
    tree: Tree | None = None,
    only: Collection[int] | None = None,
    *,
    capture: bool = False,
) -> Iterator[Attached]:
    """The trace of each model of a file, then those of its stacks, each as it lands.

    `only`: the models that are wanted, by the offsets of their definitions. `capture`: for models
    that cannot be traced otherwise the whole program is run.
    """
    slicer = Slicer(module, tree or parse(module.source))
    stacks = tuple(stack_plans(slicer, settings.seed, settings.timeout, only))
    yield from _trace(slicer, settings, tracer, stacks, capture, only)
    for plan in stacks:
        if plan.request is None:
            failure = Failure("arguments", "", plan.reason)
            result = TraceResult("", "skipped", seed=settings.seed, failure=failure)
            yield attach(module, plan.stack, result, Origin("none"))


def _trace(
    slicer: Slicer,
    settings: Settings,
    tracer: Tracer,
    stacks: tuple[StackPlan, ...],
    capture: bool = False,
    only: Collection[int] | None = None,
) -> Iterator[Attached]:
    module, source = slicer.module, slicer.source
    jobs = [
        _job(slicer, function, settings, source)
        for function in module.functions.values()
        if function.role in ("model", "guide") and function.name != "<lambda>"
        if only is None or function.key in only
    ]
    left = [job for job in jobs if not job.plans]
    first = {job.function.key: _skipped(module, job, settings) for job in left}
    jobs = [job for job in jobs if job.plans]
    with _asked(source, jobs, stacks, tracer) as results:
        for job in jobs:
            advice = _advice(job.function)
            result = _advised(next(results), advice if capture else _or_capture(advice))
            plan = job.plans[result.way]
            attached = attach(module, job.function, result, plan.origin, plan.request)
            if _lacks_arguments(attached) or _lacks_optional(job, attached):
                first[job.function.key] = attached
                left.append(job)
            else:
                yield attached
        yield from _stacks(module, stacks, results)
    if capture and left:
        for attached in _captured(slicer, settings, tracer, left, first):
            first[attached.function] = attached
            if attached.ok:
                yield attached
        left = [job for job in left if not first[job.function.key].ok]
    yield from _made_up(slicer, settings, tracer, left, first)


def _lacks_arguments(attached: Attached) -> bool:
    failure = attached.result.failure
    return not attached.ok and failure is not None and failure.stage in _LACKING


def _lacks_optional(job: _Job, attached: Attached) -> bool:
    """Whether a model does not do with the None that is the default of a parameter."""
    failure = attached.result.failure
    if attached.ok or failure is None or attached.origin.kind != "none":
        return False
    by_none = failure.exception in ("TypeError", "AttributeError") and "None" in failure.message
    return by_none and any(p.default == Const(None) for p in job.function.params)


def _stacks(
    module: Module, stacks: Iterable[StackPlan], results: Iterator[TraceResult]
) -> Iterator[Attached]:
    """The traces of the stacks, as many as there is time for."""
    end = time.monotonic() + SECONDS
    for plan in stacks:
        if plan.request is not None:
            result = next(results)
            yield attach(module, plan.stack, result, plan.origin, None, plan.repeats)
            if time.monotonic() > end:
                return


def _job(slicer: Slicer, function: Function, settings: Settings, source: Source) -> _Job:
    given = arguments_of(settings.models, source.path, function.name)
    plans, reason = slicer.plans(function, given, settings.seed, settings.timeout)
    return _Job(function, tuple(plans), reason)


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


@contextmanager
def _asked(
    source: Source, jobs: list[_Job], stacks: Iterable[StackPlan], tracer: Tracer
) -> Iterator[Iterator[TraceResult]]:
    """The results of models and then of stacks; what is not taken of them is cancelled."""
    models = [_request(job.plans) for job in jobs]
    models += [plan.request for plan in stacks if plan.request is not None]
    results = tracer.trace(_file(source, models)) if models else iter(())
    try:
        yield results
    finally:
        if isinstance(results, Generator):
            results.close()


def _file(source: Source, models: list[ModelRequest], capture: bool = False) -> FileRequest:
    path = str(Path(source.path).absolute())
    return FileRequest(path, parse(source).text, tuple(models), str(Path.cwd()), capture)


def _captured(
    slicer: Slicer,
    settings: Settings,
    tracer: Tracer,
    jobs: list[_Job],
    before: Mapping[int, Attached],
) -> Iterator[Attached]:
    """The traces of models as the program calls them; else those that failed before."""
    by_id = {str(job.function.key): job for job in jobs}
    deadline = PROGRAM * settings.timeout
    plans = [slicer.watched(job.function, settings.seed, deadline) for job in jobs]
    for result in tracer.trace(_file(slicer.source, plans, capture=True)):
        function = by_id[result.id].function
        origin = Origin("captured", tuple(result.arguments.items()))
        advised = _advised(result, _advice(function))
        attached = attach(slicer.module, function, advised, origin)
        earlier = before[function.key]
        never_ran = earlier.result.status == "skipped"
        yield attached if attached.ok or never_ran else earlier


def value_models(module: Module, traces: Iterable[Attached], tracer: Tracer) -> Iterator[Attached]:
    """The traces of models again, each with what it comes to at concrete draws, as that lands.

    For models that were traced, with arguments that are the user's own: on made-up ones, densities
    tell nothing.
    """
    asked = {
        each.request.id: each
        for each in traces
        if each.ok and each.request is not None and each.is_users
        if each.stack is None and module.functions[each.function].role == "model"
    }
    requests = [each.request for each in asked.values() if each.request is not None]
    if requests:
        for result in tracer.values(_file(module.source, requests)):
            yield with_values(asked[result.id], result)


def _request(plans: Sequence[Plan]) -> ModelRequest:
    """The first way to a model, with the others to try where that leads nowhere."""
    first, *others = (plan.request for plan in plans)
    return dataclasses.replace(first, others=tuple(others))


def _advised(result: TraceResult, advice: str | None) -> TraceResult:
    """A result that says what would help, where nobody knows more."""
    failure = result.failure
    if failure is None or failure.advice is not None or failure.stage not in _ADVISED:
        return result
    return dataclasses.replace(result, failure=dataclasses.replace(failure, advice=advice))


def _made_up(
    slicer: Slicer,
    settings: Settings,
    tracer: Tracer,
    jobs: list[_Job],
    before: Mapping[int, Attached],
) -> Iterator[Attached]:
    """The traces of models with arguments that are made up; else those that failed before.

    Arguments that the user gives are never replaced.
    """
    synthesizer = Synthesizer(slicer)
    plans: dict[str, ModelRequest] = {}
    for job in sorted(jobs, key=lambda job: job.function.role == "guide"):
        earlier = before[job.function.key]
        try:
            if any(plan.origin.kind in ("comment", "config") for plan in job.plans):
                raise Unusable("the arguments are given")
            plan = synthesizer.plan(job.function, settings.seed, settings.timeout)
        except Unusable:
            yield earlier
            continue
        plans[plan.id] = plan
    functions = {str(job.function.key): job.function for job in jobs}
    asked = list(plans.values())
    for result in tracer.trace(_file(slicer.source, asked)) if asked else ():
        function = functions[result.id]
        origin = Origin("synthesized", tuple(result.arguments.items()))
        attached = attach(slicer.module, function, result, origin)
        yield attached if attached.ok else _said(before[function.key], result)


def _said(earlier: Attached, result: TraceResult) -> Attached:
    """A model that made-up arguments do not help: that no call shows any comes first."""
    reason, failure = earlier.result.failure, result.failure
    if earlier.result.status != "skipped" or reason is None or failure is None:
        return earlier
    if failure.stage not in ("arguments", "model"):
        return replace(earlier, result=result)
    why = failure.message.strip().partition("\n")[0]
    message = f"{reason.message}, and with those made up it raises {failure.exception}"
    told = dataclasses.replace(reason, message=f"{message}: {why}" if why else message)
    return replace(earlier, result=dataclasses.replace(result, failure=told))


def _advice(function: Function) -> str | None:
    if function.is_method:
        return None
    given = ", ".join(f"{name}=..." for name in required(function))
    return f"give them in a comment above it: # numpyro-lint: trace({given})"


def _or_capture(advice: str | None) -> str:
    """Advice where there are calls, which the program as a whole comes to."""
    return f"{advice}, or pass --capture" if advice else "pass --capture"


def _skipped(module: Module, job: _Job, settings: Settings) -> Attached:
    reason = job.reason or "no call in this file shows its arguments"
    advice = _advice(job.function)
    if job.reason or module.runs:
        advice = _or_capture(advice)
    failure = Failure("arguments", "", reason, None, advice)
    result = TraceResult(str(job.function.key), "skipped", seed=settings.seed, failure=failure)
    return attach(module, job.function, result, Origin("none"))
