"""Reads and traces the files of one run, with one worker for all of them."""

from __future__ import annotations

from collections.abc import Collection
from types import TracebackType
from typing import TYPE_CHECKING

from numpyro_lint.check import Report, check
from numpyro_lint.config import Settings
from numpyro_lint.model.project import Project
from numpyro_lint.text import Source, concerns_us

if TYPE_CHECKING:
    from numpyro_lint_runtime.host import Host
    from numpyro_lint_runtime.process import WorkerProcess


class Analyst:
    """Reads the texts of a run and, unless it runs no code, traces their models in one worker.

    `values`: also the second stage, which looks at concrete draws. `worker`: a worker that is on
    its way already, in the interpreter `python`.
    """

    def __init__(
        self,
        settings: Settings,
        static: bool,
        capture: bool = False,
        values: bool = False,
        python: str = "",
        worker: WorkerProcess | None = None,
    ) -> None:
        self.settings, self.static = settings, static
        self.capture, self.values = capture, values
        self.python = python
        self._worker = worker
        self.project = Project()
        self.host: Host | None = None

    def __enter__(self) -> Analyst:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the worker, if there is one."""
        if self.host is not None:
            self.host.close()

    def report(self, source: Source, only: Collection[int] | None = None) -> Report:
        """What is found in a text. `only`: the models to trace, by their definitions' offsets."""
        if self.static or not concerns_us(source.text):
            return check(source, self.settings, project=self.project)
        from numpyro_lint.model.attach import sorted_out
        from numpyro_lint.model.lift import lift
        from numpyro_lint.syntax.parse import parse
        from numpyro_lint.tracing import trace_file, value_models

        tree = parse(source)
        module = lift(source, tree, self.project)
        tracer = self._tracer()
        found = list(trace_file(module, self.settings, tracer, tree, only, capture=self.capture))
        if self.values:
            found += value_models(module, found, tracer)
        traces, stacks = sorted_out(found)
        return check(source, self.settings, traces, module, stacks=stacks)

    def _tracer(self) -> Host:
        if self.host is None:
            from numpyro_lint_runtime.host import Host
            from numpyro_lint_runtime.interpreter import find_interpreter

            self.python = self.python or find_interpreter(self.settings.python).path
            platform = self.settings.platform
            self.host = Host(self.python, platform=platform, process=self._worker)
            self.host.prefork()
        return self.host
