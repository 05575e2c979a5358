"""What a cluster says, in whatever order and however often, becomes one result for each model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from numpyro_lint.analyst import Analyst
from numpyro_lint.cli.cluster.connection import Heard, Killed, Lost
from numpyro_lint.cli.cluster.remote import Remote
from numpyro_lint.cli.cluster.task import Terms
from numpyro_lint.config import Settings
from numpyro_lint.text import Source
from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import (
    FileRequest,
    ModelRequest,
    PilotResult,
    Progress,
    TraceResult,
    frame,
)

REQUEST = FileRequest("m.py", "", tuple(ModelRequest(each, each, ()) for each in "abc"))
TERMS = Terms("", None, "cpu", True)


def line(id: str) -> str:
    return frame(TraceResult(id, "ok"))


class Scripted:
    """A cluster whose one task says what it is told, and its own task."""

    address = "tcp://here"

    def __init__(self, heard: list[Heard], end: list[str] | Exception) -> None:
        self.heard, self.end = iter([*heard, None]), end
        self.trouble, self.cancelled = "", False

    def submit(self, request: FileRequest, terms: Terms) -> Any:
        return self

    def next(self) -> Heard | None:
        return next(self.heard)

    def results(self) -> list[str]:
        if isinstance(self.end, Exception):
            raise self.end
        return self.end

    def cancel(self) -> None:
        self.cancelled = True


def remote(cluster: Scripted) -> Remote:
    return Remote(cluster, TERMS)  # type: ignore[arg-type]


def told(cluster: Scripted) -> list[tuple[str, str]]:
    """Each model with its status, or with how it failed."""
    return [
        (each.id, each.failure.message if each.failure else each.status)
        for each in remote(cluster).trace(REQUEST)
    ]


ALL = [line(each) for each in "abc"]
OK = [(each, "ok") for each in "abc"]


@pytest.mark.parametrize(
    "heard",
    [
        [],
        [(0, line("a")), (1, line("b")), (2, line("c"))],
        # A worker died in the middle, and the next one began anew.
        [(0, line("a")), (1, line("b")), (0, line("a")), (1, line("b")), (2, line("c"))],
        # One was not heard.
        [(0, line("a")), (2, line("c"))],
    ],
)
def test_each_result_comes_once_and_in_order(heard: list[Heard]) -> None:
    assert told(Scripted(heard, ALL)) == OK


def test_what_has_landed_stays_where_the_rest_is_lost() -> None:
    cluster = Scripted([(0, line("a"))], Lost("has no workers any more"))
    gone = "the cluster at tcp://here has no workers any more"
    assert told(cluster) == [("a", "ok"), ("b", gone), ("c", gone)]
    assert cluster.trouble == gone


def test_a_task_that_kills_its_workers_is_the_fault_of_its_models() -> None:
    cluster = Scripted([(0, line("a"))], Killed("they died"))
    assert told(cluster) == [("a", "ok"), ("b", "they died"), ("c", "they died")]
    assert cluster.trouble == ""


def test_who_takes_no_more_cancels_the_rest() -> None:
    cluster = Scripted([(0, line("a"))], ALL)
    results = remote(cluster).trace(REQUEST)
    assert next(results).id == "a"
    assert not cluster.cancelled
    results.close()  # type: ignore[attr-defined]
    assert cluster.cancelled


def test_after_the_end_models_are_skipped() -> None:
    closed = remote(Scripted([], ALL))
    closed.close()
    assert [each.status for each in closed.trace(REQUEST)] == ["skipped"] * 3


PROGRAM = """
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist

y = jnp.arange(8.0)

def first(y):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        numpyro.sample("y", dist.Normal(theta, 10.0), obs=y)

def second(y):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        numpyro.sample("y", dist.Normal(theta, 10.0), obs=y)

numpyro.handlers.seed(first, 0)(y)
numpyro.handlers.seed(second, 0)(y)
"""


class Samples:
    """Traces with a host; settles one thing, and then waits to be interrupted."""

    def __init__(self, host: Host) -> None:
        self.trace, self.values = host.trace, host.values
        self.waits, self.let_go = threading.Event(), threading.Event()

    def verify(self, request: FileRequest) -> Iterator[PilotResult | Progress]:
        first, second = request.models
        yield PilotResult(first.id, "ok", verdict="hurts")
        self.waits.set()
        assert self.let_go.wait(60.0)
        yield PilotResult(second.id, "skipped", verdict="hurts")

    def cancel(self) -> None:
        self.let_go.set()

    def close(self) -> None:
        pass


@pytest.mark.trace
def test_an_interruption_from_another_thread_keeps_what_is_settled(tracer: Host) -> None:
    host, found = Samples(tracer), list[str]()
    analyst = Analyst(Settings(), static=False, verify=60.0, host=host)

    def report() -> None:
        diagnostics = analyst.report(Source("m.py", PROGRAM)).diagnostics
        found.extend(each.model for each in diagnostics if each.rule == "funnel" and each.model)

    thread = threading.Thread(target=report)
    thread.start()
    assert host.waits.wait(60.0)
    assert (analyst.interrupt(), analyst.interrupt()) == (True, False)
    thread.join(60.0)
    assert found == ["second"]
    assert not Analyst(Settings(), static=False).interrupt()
