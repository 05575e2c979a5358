"""Traces by a cluster, for whoever traces with a host."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from numpyro_lint.cli.cluster.connection import Cluster, Killed, Lost, Task
from numpyro_lint.cli.cluster.task import Terms
from numpyro_lint_runtime.answers import died, failed, skipped
from numpyro_lint_runtime.protocol import (
    FileRequest,
    PilotResult,
    Progress,
    Ready,
    Result,
    TraceResult,
    ValueResult,
    named,
    unframe,
)

_NOBODY = Ready("", "")


class Remote:
    """Has a cluster trace files: takes and gives what `numpyro_lint_runtime.host.Host` does.

    A request is one task. Whatever becomes of the workers, there is a result for each model; what
    was lost with the whole cluster says so, and so does `Cluster.trouble`.
    """

    def __init__(self, cluster: Cluster, terms: Terms) -> None:
        self._cluster, self._terms = cluster, terms
        self._task: Task | None = None
        self._closed = False

    def trace(self, request: FileRequest) -> Iterator[TraceResult]:
        yield from cast(Iterator[TraceResult], self._results(replace(request, stage="trace")))

    def values(self, request: FileRequest) -> Iterator[ValueResult]:
        yield from cast(Iterator[ValueResult], self._results(replace(request, stage="values")))

    def verify(self, request: FileRequest) -> Iterator[PilotResult | Progress]:
        asked = replace(request, stage="verify")
        yield from cast(Iterator[PilotResult | Progress], self._results(asked))

    def cancel(self) -> None:
        """Let the request in progress go; its remaining models are answered as skipped."""
        if self._task is not None:
            self._task.cancel()

    def close(self) -> None:
        """As `cancel`, and all further models are answered so as well."""
        self._closed = True
        self.cancel()

    def _results(self, request: FileRequest) -> Iterator[Result | Progress]:
        left, failure = deque(request.models), None
        try:
            for answer in () if self._closed else self._answers(request):
                if isinstance(answer, Result):
                    left.remove(named(answer.id, left))
                yield answer
        except Killed as error:
            failure = died("crash", "WorkerDied", str(error))
        except Lost as error:
            self._cluster.trouble = f"the cluster at {self._cluster.address} {error}"
            failure = died("start", "OSError", self._cluster.trouble)
        for model in left:
            if failure is None:
                yield skipped(request, model, _NOBODY)
            else:
                yield failed(request, model, failure, _NOBODY)

    def _answers(self, request: FileRequest) -> Iterator[Result | Progress]:
        """The answers of a task, each once; none after it was cancelled."""
        given = 0
        task = self._task = self._cluster.submit(request, self._terms)
        try:
            while (heard := task.next()) is not None and not task.cancelled:
                place, line = heard
                if place in (None, given):
                    given += place is not None
                    yield cast(Result | Progress, unframe(line))
            if not task.cancelled:
                for line in task.results()[given:]:
                    yield cast(Result, unframe(line))
        finally:
            self._task = None
            task.cancel()
