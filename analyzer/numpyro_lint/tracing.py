"""Traces of a file's models: plans to the worker, results joined to the text."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from numpyro_lint.config import Settings
from numpyro_lint.elsewhere import at_home, runs_elsewhere
from numpyro_lint.jobs import (
    Job,
    advice_to,
    advised,
    file_request,
    job_of,
    lacks_arguments,
    lacks_optional,
    or_capture,
    request_of,
    skipped,
    with_advice,
)
from numpyro_lint.model.attach import Attached, Origin, attach, fails_by_default, with_values
from numpyro_lint.model.hierarchy import has_data, hierarchies
from numpyro_lint.model.levels import levels
from numpyro_lint.model.program import Module
from numpyro_lint.model.project import root_of
from numpyro_lint.record import replace
from numpyro_lint.reruns import Reruns
from numpyro_lint.slicing import Slicer
from numpyro_lint.stacking import MOST, SECONDS, StackPlan, stack_plans
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


class Tracer(Protocol):
    """What traces files: `numpyro_lint_runtime.host.Host`."""

    def trace(self, request: FileRequest) -> Iterator[TraceResult]: ...

    def values(self, request: FileRequest) -> Iterator[ValueResult]: ...


def trace_models(
    module: Module, settings: Settings, tracer: Tracer, tree: Tree | None = None
) -> Iterator[Attached]:
    """The trace of each model of a file, as it lands. A model that has none says why."""
    slicer = Slicer(module, tree or parse(module.source))
    return _trace(slicer, settings, tracer)


def trace_file(
    module: Module,
    settings: Settings,
    tracer: Tracer,
    tree: Tree | None = None,
    only: Collection[int] | None = None,
    *,
    first: Collection[int] = (),
    capture: bool = False,
) -> Iterator[Attached]:
    """The trace of each model of a file, then those of its stacks and further runs, as they land.

    `only`: the models that are wanted, by the offsets of their definitions, and `first` those that
    go before the others. `capture`: for models that cannot be traced otherwise the whole program is
    run.
    """
    slicer = Slicer(module, tree or parse(module.source))
    stacks = tuple(stack_plans(slicer, settings.seed, settings.timeout, only))
    yield from _trace(slicer, settings, tracer, Reruns(slicer), stacks, capture, only, first)
    for plan in stacks:
        if plan.request is None:
            failure = Failure("arguments", "", plan.reason)
            result = TraceResult("", "skipped", seed=settings.seed, failure=failure)
            yield from _attached(module, replace(plan, origin=Origin("none")), result)


def _trace(
    slicer: Slicer,
    settings: Settings,
    tracer: Tracer,
    runs: Reruns | None = None,
    stacks: tuple[StackPlan, ...] = (),
    capture: bool = False,
    only: Collection[int] | None = None,
    early: Collection[int] = (),
) -> Iterator[Attached]:
    module, source = slicer.module, slicer.source
    jobs = [
        job_of(slicer, function, settings)
        for function in sorted(module.models, key=lambda each: each.key not in early)
        if only is None or function.key in only
    ]
    left = [job for job in jobs if not job.plans]
    first = {job.function.key: skipped(module, job, settings) for job in left}
    jobs = [job for job in jobs if job.plans]
    if runs is not None:
        further = (plan for job in jobs for plan in runs.further(job))
        stacks = tuple(islice(chain(stacks, further), MOST))
    with _asked(source, jobs, stacks, tracer) as results:
        for job in jobs:
            advice = advice_to(job.function)
            result = advised(job, next(results), advice if capture else or_capture(advice))
            plan = job.plans[result.way]
            attached = attach(module, job.function, result, plan.origin, plan.request)
            needs_optional = lacks_optional(job, attached)
            if fails_by_default(attached, job.function):
                attached = replace(attached, result=with_advice(attached.result, advice))
            if lacks_arguments(attached) or needs_optional:
                first[job.function.key] = attached
                left.append(job)
            else:
                yield attached
                own = runs.of(job, plan) if runs is not None else None
                yield from _attached(module, own, result) if own is not None else ()
        yield from _stacks(module, stacks, results)
    for attached in _run_elsewhere(slicer, settings, tracer, [j for j in left if not j.plans]):
        if attached.ok:
            first.pop(attached.function, None)
            yield attached
        elif first[attached.function].result.status == "skipped":
            first[attached.function] = attached
    left = [job for job in left if job.function.key in first]
    if capture and left:
        for attached in _captured(slicer, settings, tracer, left, first):
            first[attached.function] = attached
            if attached.ok:
                yield attached
        left = [job for job in left if not first[job.function.key].ok]
    yield from _made_up(slicer, settings, tracer, left, first)


def _run_elsewhere(
    slicer: Slicer, settings: Settings, tracer: Tracer, jobs: Sequence[Job]
) -> Iterator[Attached]:
    """The traces of models that other files of the project run."""
    here = os.path.abspath(slicer.source.path)
    by_key = {job.function.key: job for job in jobs}
    for other in runs_elsewhere(slicer, [job.function for job in jobs], settings):
        requests = [request_of(plans) for plans in other.plans.values()]
        root = root_of(os.path.dirname(here)) or str(Path.cwd())
        file = dataclasses.replace(file_request(other.source, requests), root=root)
        for result in tracer.trace(file) if requests else ():
            key = int(result.id)
            origin = other.plans[key][result.way].origin
            told = advised(by_key[key], result, advice_to(by_key[key].function))
            told = at_home(told, here, other.source.path)
            yield attach(slicer.module, slicer.module.functions[key], told, origin)


def _stacks(
    module: Module, stacks: Iterable[StackPlan], results: Iterator[TraceResult]
) -> Iterator[Attached]:
    """The traces of the stacks, as many as there is time for."""
    end = time.monotonic() + SECONDS
    for plan in stacks:
        if plan.request is not None:
            result = next(results)
            yield from _attached(module, plan, result)
            if time.monotonic() > end:
                return


def _attached(module: Module, plan: StackPlan, result: TraceResult) -> Iterator[Attached]:
    for stack in plan.stacks:
        yield attach(module, stack, result, plan.origin, None, stack in plan.repeats)


@contextmanager
def _asked(
    source: Source, jobs: list[Job], stacks: Iterable[StackPlan], tracer: Tracer
) -> Iterator[Iterator[TraceResult]]:
    """The results of models and then of stacks; what is not taken of them is cancelled."""
    models = [request_of(job.plans) for job in jobs]
    models += [plan.request for plan in stacks if plan.request is not None]
    results = tracer.trace(file_request(source, models)) if models else iter(())
    try:
        yield results
    finally:
        if isinstance(results, Generator):
            results.close()


def _captured(
    slicer: Slicer,
    settings: Settings,
    tracer: Tracer,
    jobs: list[Job],
    before: Mapping[int, Attached],
) -> Iterator[Attached]:
    """The traces of models as the program calls them; else those that failed before."""
    by_id = {str(job.function.key): job for job in jobs}
    deadline = PROGRAM * settings.timeout
    plans = [slicer.watched(job.function, settings.seed, deadline) for job in jobs]
    for result in tracer.trace(file_request(slicer.source, plans, capture=True)):
        function = by_id[result.id].function
        origin = Origin("captured", tuple(result.arguments.items()))
        told = advised(by_id[result.id], result, advice_to(function))
        attached = attach(slicer.module, function, told, origin)
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
    requests = [
        dataclasses.replace(
            each.request,
            hierarchies=tuple(hierarchies(each)) if has_data(each) else (),
            levels=levels(each),
        )
        for each in asked.values()
        if each.request is not None
    ]
    if requests:
        for result in tracer.values(file_request(module.source, requests)):
            yield with_values(asked[result.id], result)


def _made_up(
    slicer: Slicer,
    settings: Settings,
    tracer: Tracer,
    jobs: list[Job],
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
    for result in tracer.trace(file_request(slicer.source, asked)) if asked else ():
        function = functions[result.id]
        origin = Origin("synthesized", tuple(result.arguments.items()))
        attached = attach(slicer.module, function, result, origin)
        earlier = before[function.key]
        if attached.ok:
            yield replace(attached, lacking=earlier.result.failure)
        else:
            yield _said(earlier, result)


def _said(earlier: Attached, result: TraceResult) -> Attached:
    """A model that made-up arguments do not help: that no call shows any comes first."""
    reason, failure = earlier.result.failure, result.failure
    if earlier.origin.kind != "none" or reason is None or failure is None:
        return earlier
    if failure.stage not in ("arguments", "model"):
        return replace(earlier, result=with_advice(result, reason.advice))
    if earlier.result.status != "skipped":
        return earlier
    why = failure.message.strip().partition("\n")[0]
    message = f"{reason.message}, and with those made up it raises {failure.exception}"
    told = dataclasses.replace(reason, message=f"{message}: {why}" if why else message)
    return replace(earlier, result=dataclasses.replace(result, failure=told))
