"""Reads and traces the files of one run, with one worker for all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from numpyro_lint.check import Report, check
from numpyro_lint.config import Settings
from numpyro_lint.model.project import Project
from numpyro_lint.text import Source, concerns_us

if TYPE_CHECKING:
    from numpyro_lint.tracing import Tracer
    from numpyro_lint.verifying import Sampler
    from numpyro_lint_runtime.pilots import Progress
    from numpyro_lint_runtime.process import WorkerProcess

    class Tracing(Tracer, Sampler, Protocol):
        """What runs models: `numpyro_lint_runtime.host.Host`, or a cluster."""

        def cancel(self) -> None: ...

        def close(self) -> None: ...


class Analyst:
    """Reads the texts of a run and, unless it runs no code, traces their models in one worker,
    or by `host`.

    `values`: also the second stage, which looks at concrete draws. `worker`: a worker that is on
    its way already, in the interpreter `python`. `verify`: how many seconds short runs of NUTS may
    take to settle a finding, 0 for none; who interrupts them (`interrupted`) keeps all else.
    `keeps`: what JAX compiles is kept for the next run.
    """

    def __init__(
        self,
        settings: Settings,
        static: bool,
        capture: bool = False,
        values: bool = False,
        python: str = "",
        worker: WorkerProcess | None = None,
        verify: float = 0.0,
        keeps: bool = True,
        host: Tracing | None = None,
    ) -> None:
        self.settings, self.static = settings, static
        self.capture, self.values = capture, values
        self.python = python
        self.verify, self.keeps = verify, keeps
        self.interrupted = False
        self._verifying = False
        self._worker = worker
        self.project = Project()
        self.host = host

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

    def interrupt(self) -> bool:
        """Settle nothing more, from another thread; whether there was anything to be settled."""
        if not self.verify or self.interrupted:
            return False
        self.interrupted = True
        if self._verifying and self.host is not None:
            self.host.cancel()
        return True

    def report(
        self,
        source: Source,
        only: Collection[int] | None = None,
        said: Callable[[Progress], None] = lambda progress: None,
    ) -> Report:
        """What is found in a text. `only`: the models to trace, by their definitions' offsets.

        `said` is told how far runs of NUTS are.
        """
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
        report = check(source, self.settings, traces, module, stacks=stacks)
        return self._verified(report, tracer, said) if self.verify else report

    def _verified(self, report: Report, host: Tracing, said: Callable[[Progress], None]) -> Report:
        """A report again, with what runs of NUTS say of its findings."""
        from numpyro_lint.verifying import Settled, verify, with_pilots

        context, settled = report.context, []
        answers = verify(context, report.diagnostics, host, self.verify)
        self._verifying = True
        try:
            for answer in () if self.interrupted else answers:
                if self.interrupted:
                    break
                if isinstance(answer, Settled):
                    settled.append(answer)
                else:
                    said(answer)
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            self._verifying = False
            answers.close()
        if not settled:
            return report
        traces = {key: with_pilots(each, settled) for key, each in context.traces.items()}
        return check(report.source, self.settings, traces, report.module, stacks=context.stacks)

    def _tracer(self) -> Tracing:
        if self.host is None:
            from numpyro_lint_runtime.host import Host
            from numpyro_lint_runtime.interpreter import find_interpreter

            self.python = self.python or find_interpreter(self.settings.python).path
            platform = self.settings.platform
            host = Host(self.python, platform=platform, process=self._worker, keeps=self.keeps)
            host.prefork()
            self.host = host
        return self.host
