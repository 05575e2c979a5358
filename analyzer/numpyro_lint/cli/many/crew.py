"""All that reads and traces the files of a run, in as many processes as are worth it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpyro_lint
from numpyro_lint.analyst import Analyst
from numpyro_lint.check import Report
from numpyro_lint.cli import run
from numpyro_lint.cli.formats import FINDINGS
from numpyro_lint.cli.many import amount
from numpyro_lint.config import Settings
from numpyro_lint.text import Source

if TYPE_CHECKING:
    from numpyro_lint.cli.cluster.connection import Cluster
    from numpyro_lint.cli.cluster.remote import Remote
    from numpyro_lint.cli.progress import Progress
    from numpyro_lint_runtime.process import WorkerProcess

# Workers that trace, unless `--jobs` asks for more: each holds some hundred MB.
_TRACERS = 4


class Crew:
    """Reads the files of a run and, unless it runs no code, traces their models.

    `python` is the interpreter that traces, `worker` a worker in it that is on its way already.
    Raises UsageError where a cluster is to trace, and there is none that can.
    """

    def __init__(
        self,
        options: argparse.Namespace,
        settings: Settings,
        python: str = "",
        worker: WorkerProcess | None = None,
    ) -> None:
        self.options, self.settings = options, settings
        self.cluster = _cluster(options, settings)
        self.first = self._analyst(python, worker)
        self._others: list[Analyst] = []
        # Why reports could not be kept, if they could not.
        self.trouble = ""

    def close(self) -> None:
        """Ends the workers, if there are any."""
        for analyst in (self.first, *self._others):
            analyst.close()
        if self.cluster is not None:
            self.cluster.close()

    @property
    def python(self) -> str:
        """What traces, in words."""
        if self.cluster is not None:
            return f"the Dask cluster at {self.cluster.address}"
        return self.first.python

    @property
    def interrupted(self) -> bool:
        return any(analyst.interrupted for analyst in (self.first, *self._others))

    @property
    def lost(self) -> list[str]:
        """What became of the cluster, if it could not do its work."""
        return [self.cluster.trouble] if self.cluster is not None and self.cluster.trouble else []

    def report(self, source: Source) -> Report:
        """The report of one text."""
        return self.first.report(source)

    def reports(self, sources: Sequence[Source], progress: Progress) -> list[Report]:
        """The report of each source, in their order, whoever makes it."""
        if self.options.static and amount.characters(sources) >= amount.KEPT:
            return self._read(sources, progress)
        count = 1 if self.options.static else self._tracers(sources)
        if count == 1:
            return run.analyze(sources, self.first, progress)
        from numpyro_lint.cli.many import traced

        while len(self._others) < count - 1:
            self._others.append(self._analyst(self.first.python))
        return traced.reports(sources, [self.first, *self._others[: count - 1]], progress)

    def _read(self, sources: Sequence[Source], progress: Progress) -> list[Report]:
        from numpyro_lint.cli.many import cache, static
        from numpyro_lint.cli.many.packed import Noting, Wants

        options, found = self.options, dict[int, Report]()
        folder = None if options.no_cache else cache.folder()
        # A baseline asks which rules had models to look at.
        brief = options.output_format in FINDINGS and self.settings.baseline is None
        brief = brief and not (options.fix or options.diff)
        wants = Wants(models=not brief, fixes=not brief)
        kept = cache.Cache(folder, self.settings, wants, Noting()) if folder else None
        jobs = options.jobs or cpus()
        for number, report in static.landing(sources, self.settings, wants, jobs, kept):
            found[number] = report
            progress.show(len(found), report.source.path)
        if kept:
            kept.close()
            self.trouble = kept.trouble
        return [found[number] for number in range(len(sources))]

    def _tracers(self, sources: Sequence[Source]) -> int:
        """How many workers trace. Runs of NUTS are told of one by one here, and interrupted so."""
        jobs: int | None = self.options.jobs
        if self.cluster is not None:
            return min(jobs or self.cluster.threads, max(1, amount.files(sources)))
        most = 1 if self.options.verify else jobs or min(cpus(), _TRACERS)
        return min(most, amount.tracers(sources))

    def _analyst(self, python: str, worker: WorkerProcess | None = None) -> Analyst:
        options = self.options
        seconds = options.verify_timeout if options.verify else 0.0
        host = _remote(self.cluster, self.settings, options) if self.cluster is not None else None
        return Analyst(
            self.settings, options.static, options.capture, not options.no_values, python, worker,
            seconds, keeps=not options.no_cache, host=host,
        )  # fmt: skip


def _cluster(options: argparse.Namespace, settings: Settings) -> Cluster | None:
    """The cluster that is to trace, if one is. Raises UsageError."""
    if options.executor == "local":
        return None
    from numpyro_lint.cli.cluster.connection import Cluster

    return Cluster(options.scheduler, settings.python)


def _remote(cluster: Cluster, settings: Settings, options: argparse.Namespace) -> Remote:
    """Who has the cluster trace for one analyst."""
    from numpyro_lint.cli.cluster.remote import Remote
    from numpyro_lint.cli.cluster.task import Terms
    from numpyro_lint_runtime.interpreter import find_interpreter

    python = find_interpreter(settings.python).path if settings.python else None
    keeps = not options.no_cache
    return Remote(cluster, Terms(numpyro_lint.__version__, python, settings.platform, keeps))


def cpus() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
