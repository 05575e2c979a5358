"""Traces files in a thread of its own, so that the server answers meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from numpyro_lint.model.attach import Attached
from numpyro_lint.model.program import Module
from numpyro_lint.tracing import trace_file, value_models
from numpyro_lint_runtime.host import Host
from numpyro_lint_server.analysis import Inputs
from numpyro_lint_server.rooted import Rooted

logger = logging.getLogger(__name__)
# Workers that are kept warm: each holds an imported jax.
_KEPT = 2


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A text whose models are to be traced in the interpreter `python`, from the folder `root`."""

    uri: str
    inputs: Inputs
    module: Module
    python: str
    root: str

    @property
    def runs_on(self) -> tuple[str, str]:
        """The interpreter, and JAX's platform."""
        return self.python, self.inputs.settings.platform


# How far a job is: some traces are there, all are, and so are their values.
Stage = Literal["some", "traces", "values"]
# What was found so far; None: nothing, or it could not be asked for.
Landed = Callable[[Job, list[Attached] | None, Stage], None]
# Seconds between what is told of a file before all of it is traced.
_TELLING = 0.3


class Tracer:
    """Traces one file at a time, the one that was asked for last first.

    Asking for a file again takes the place of what was asked before, even while that runs.
    `landed` is called in the tracer's thread with what was found, and never for a job that
    something newer has taken the place of: with the first trace and now and then with those that
    there are, with all of them, and once more with their values.
    No file waits for the values of another one: they give way, and are found later.
    """

    def __init__(self, landed: Landed) -> None:
        self._landed = landed
        self._changed = threading.Condition()
        self._wanted: dict[str, Job] = {}
        self._unvalued: dict[str, tuple[Job, list[Attached]]] = {}
        self._running: Job | None = None
        # The functions of each file as they were traced last: what is edited goes first.
        self._texts: dict[str, set[str]] = {}
        # Whether what is running are values, which wait for the traces of other files.
        self._gives_way = False
        self._hosts: dict[tuple[str, str], Host] = {}
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, job: Job) -> None:
        with self._changed:
            if self._closed:
                return
            self._drop(job.uri)
            self._wanted[job.uri] = job
            if self._gives_way and self._running is not None:
                if host := self._hosts.get(self._running.runs_on):
                    host.cancel()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="tracer", daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self, uri: str) -> None:
        """The file's traces are wanted no more."""
        with self._changed:
            self._drop(uri)
            self._texts.pop(uri, None)

    def restart(self) -> None:
        """End all workers and forget what was asked; the next job starts a new worker."""
        with self._changed:
            self._wanted.clear()
            self._unvalued.clear()
            self._running = None
            hosts, self._hosts = list(self._hosts.values()), {}
        for host in hosts:
            host.close()

    def close(self) -> None:
        """End all workers for good. May wait a moment for them."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self.restart()

    def _drop(self, uri: str) -> None:
        self._wanted.pop(uri, None)
        self._unvalued.pop(uri, None)
        if self._running is not None and self._running.uri == uri:
            host = self._hosts.get(self._running.runs_on)
            self._running = None
            if host is not None:
                host.cancel()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._unvalued or self._closed)
                if self._closed:
                    return
                self._gives_way = not self._wanted
                traces: list[Attached] = []
                if self._wanted:
                    _, job = self._wanted.popitem()
                else:
                    _, (job, traces) = self._unvalued.popitem()
                self._running = job
                host = self._host(*job.runs_on)
            try:
                if self._gives_way:
                    self._find_values(job, traces, host)
                else:
                    self._trace(job, host)
            except Exception:
                logger.exception("the trace of %s failed", job.uri)
                self._landed(job, None, "values")

    def _trace(self, job: Job, host: Host) -> None:
        found: list[Attached] = []
        told = 0.0
        rooted, first = Rooted(host, job.root), self._edited(job)
        for attached in trace_file(job.module, job.inputs.settings, rooted, first=first):
            if self._running is not job:
                return
            found.append(attached)
            if time.monotonic() - told > _TELLING:
                told = time.monotonic()
                self._landed(job, list(found), "some")
        with self._changed:
            if self._running is not job:
                return
            self._running = None
            self._unvalued[job.uri] = job, found
        self._landed(job, found, "traces")

    def _edited(self, job: Job) -> set[int]:
        """The functions of a file that had another text when it was traced before."""
        functions, source = job.module.functions.values(), job.module.source
        texts = {each.key: source.slice(each.span) for each in functions}
        before, self._texts[job.uri] = self._texts.get(job.uri), set(texts.values())
        return {key for key, text in texts.items() if before is not None and text not in before}

    def _find_values(self, job: Job, traces: list[Attached], host: Host) -> None:
        found: list[Attached] = []
        for attached in value_models(job.module, traces, Rooted(host, job.root)):
            if self._running is not job:
                return
            if self._wanted:
                break
            found.append(attached)
        with self._changed:
            if self._running is not job:
                return
            self._running = None
            if self._wanted:
                self._unvalued[job.uri] = job, traces
                return
        self._landed(job, [*traces, *found] if found else None, "values")

    def _host(self, python: str, platform: str) -> Host:
        """The worker of an interpreter and platform, now the last to be given up."""
        host = self._hosts.pop((python, platform), None) or Host(python, platform=platform)
        self._hosts[python, platform] = host
        while len(self._hosts) > _KEPT:
            self._hosts.pop(next(iter(self._hosts))).close()
        return host
