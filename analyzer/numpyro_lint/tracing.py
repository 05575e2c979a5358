"""Traces of a file's models: plans to the worker, results joined to the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached, Origin, attach
from numpyro_lint.model.program import Function, Module
from numpyro_lint.record import record
from numpyro_lint.slicing import Plan, Slicer, required
from numpyro_lint.syntax.parse import Tree, parse
from numpyro_lint.text import Source
from numpyro_lint_runtime.protocol import Failure, FileRequest, TraceResult

_TRIES = 3
_RETRIED = frozenset({"import", "slice", "arguments"})


class Tracer(Protocol):
    """What traces files: `numpyro_lint_runtime.host.Host`."""

    def trace(self, request: FileRequest) -> Iterator[TraceResult]: ...


@record
class _Job:
    function: Function
    plans: tuple[Plan, ...]
    reason: str


def trace_models(
    module: Module, settings: Settings, tracer: Tracer, tree: Tree | None = None
) -> Iterator[Attached]:
    """The trace of each model of a file, as it lands. A model that has none says why."""
    source = module.source
    slicer = Slicer(module, tree or parse(source))
    jobs = [
        _job(slicer, function, settings, source)
        for function in module.functions.values()
        if function.role in ("model", "guide") and function.name != "<lambda>"
    ]
    for job in jobs:
        if not job.plans:
            yield _skipped(module, job, settings)
    open_jobs = [job for job in jobs if job.plans]
    first: dict[int, Attached] = {}
    for attempt in range(_TRIES):
        retry: list[_Job] = []
        for job, attached in _round(module, source, open_jobs, attempt, tracer):
            first.setdefault(job.function.key, attached)
            failure = attached.result.failure
            again = failure is not None and failure.stage in _RETRIED
            if again and attempt + 1 < min(len(job.plans), _TRIES):
                retry.append(job)
            else:
                yield attached if attached.ok else first[job.function.key]
        open_jobs = retry
        if not open_jobs:
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


def _round(
    module: Module, source: Source, jobs: list[_Job], attempt: int, tracer: Tracer
) -> Iterator[tuple[_Job, Attached]]:
    by_id = {str(job.function.key): job for job in jobs}
    request = FileRequest(
        str(Path(source.path).absolute()),
        parse(source).text,
        tuple(job.plans[attempt].request for job in jobs),
        str(Path.cwd()),
    )
    for result in tracer.trace(request):
        job = by_id[result.id]
        yield job, attach(module, job.function, result, job.plans[attempt].origin)


def _advice(function: Function) -> str | None:
    if function.is_method:
        return None
    given = ", ".join(f"{name}=..." for name in required(function))
    return f"give them in a comment above it: # numpyro-lint: trace({given})"


def _skipped(module: Module, job: _Job, settings: Settings) -> Attached:
    reason = job.reason or "no call in this file shows its arguments"
    failure = Failure("arguments", "", reason, None, _advice(job.function))
    result = TraceResult(str(job.function.key), "skipped", seed=settings.seed, failure=failure)
    return attach(module, job.function, result, Origin("none"))
