"""What is said where `--executor dask` cannot do what is asked."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from cluster.conftest import Cluster, until

import numpyro_lint
from numpyro_lint.cli.cluster import connection, fitness
from numpyro_lint.cli.cluster.task import Terms, Unlike, answers
from numpyro_lint.cli.files import UsageError
from numpyro_lint.cli.main import main

HERE = numpyro_lint.__version__
DASK = ("--executor", "dask")
# Where nobody listens.
NOWHERE = "tcp://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "program.py").write_text("import numpyro\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a run says that comes to nothing."""
    assert main([*arguments, "program.py"]) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    return errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--scheduler", NOWHERE),
            "--scheduler is that of a cluster: give --executor dask with it",
        ),
        (DASK, "--executor dask needs --scheduler ADDRESS, or DASK_SCHEDULER_ADDRESS to be set"),
        (
            (*DASK, "--scheduler", NOWHERE, "--static"),
            "--static runs no code, and --executor dask traces: give one",
        ),
    ],
)
def test_options_that_do_not_go_together(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert said(capsys, *arguments) == f"analyze: {message}\n"


def test_without_distributed_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert said(capsys, *DASK, "--scheduler", NOWHERE) == (
        "analyze: --executor dask needs the package distributed: pip install 'numpyro-lint[dask]'\n"
    )


@pytest.mark.parametrize("watched", [(), ("--watch",)])
def test_a_scheduler_that_does_not_answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, watched: tuple[str, ...]
) -> None:
    monkeypatch.setattr(connection, "CONNECT", 0.5)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", NOWHERE)
    began, threads = time.monotonic(), threading.active_count()
    errors = said(capsys, *DASK, *watched)
    assert threading.active_count() == threads
    assert errors.startswith(f"analyze: --scheduler {NOWHERE}: no scheduler answers: ")
    assert errors.count("\n") == 1
    assert time.monotonic() - began < 10.0


@pytest.mark.parametrize(
    "address", ["nonsense://127.0.0.1:9", "tcp://127.0.0.1:port", "tls://127.0.0.1:9"]
)
def test_an_address_that_is_none(capsys: pytest.CaptureFixture[str], address: str) -> None:
    threads = threading.active_count()
    errors = said(capsys, *DASK, "--scheduler", address)
    assert errors.startswith(f"analyze: --scheduler {address}: no scheduler answers: ")
    assert threading.active_count() == threads


@pytest.mark.slow
def test_a_cluster_without_workers_and_one_of_another_version(
    lone_scheduler: Cluster, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = lone_scheduler.address
    monkeypatch.setattr(fitness, "WORKERS", 0.5)
    assert said(capsys, *DASK, "--scheduler", address) == (
        f"analyze: --scheduler {address}: "
        "the cluster has no workers, and none has come within 0.5 s\n"
    )
    lone_scheduler.grow(1)
    assert main([*DASK, "--scheduler", address, "program.py"]) == 0
    capsys.readouterr()
    monkeypatch.setattr(numpyro_lint, "__version__", "9.9.9")
    errors = said(capsys, *DASK, "--scheduler", address)
    assert errors.startswith(
        f"analyze: --scheduler {address}: its workers need numpyro-lint 9.9.9, as here: tcp://"
    )
    assert errors.endswith(f" has {HERE}\n")


@pytest.mark.slow
def test_a_cluster_that_has_long_had_no_workers_is_lost(
    lone_scheduler: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    lone_scheduler.grow(1)
    cluster = connection.Cluster(lone_scheduler.address)
    assert cluster.threads == 1
    cluster.check()
    lone_scheduler.processes[-1].kill()
    with lone_scheduler.client() as client:
        until(lambda: not client.nthreads())
    cluster.check()
    monkeypatch.setattr(connection, "DESERTED", 0.0)
    with pytest.raises(connection.Lost, match="has no workers any more"):
        cluster.check()
    cluster.close()


class Workers:
    """A client of workers that answer as they are told."""

    def __init__(self, ours: dict[str, Any], packages: dict[str, Any]) -> None:
        self.answers = [ours, packages]

    def wait_for_workers(self, count: int, timeout: float) -> None:
        pass

    def run(self, *call: Any, on_error: str) -> dict[str, Any]:
        return self.answers.pop(0)


GOOD = {"numpyro": "0.20", "jax": "0.9"}


@pytest.mark.parametrize(
    ("ours", "packages", "problem"),
    [
        ({"a": HERE, "b": ModuleNotFoundError()}, {}, f"numpyro-lint {HERE}, as here: b has none"),
        (
            dict.fromkeys("abcde", "0.0.9"),
            {},
            "a has 0.0.9, b has 0.0.9, c has 0.0.9, and 2 more",
        ),
        (
            {"a": HERE, "b": HERE},
            {"a": GOOD, "b": {**GOOD, "jax": "0.8"}},
            "its workers need the same jax: a has 0.9, b has 0.8",
        ),
        ({"a": HERE}, {"a": {**GOOD, "numpyro": ""}}, "its workers need numpyro; --python names"),
    ],
)
def test_workers_that_are_not_alike(
    ours: dict[str, Any], packages: dict[str, Any], problem: str
) -> None:
    with pytest.raises(UsageError) as raised:
        fitness.check(Workers(ours, packages), "tcp://here", None)
    assert str(raised.value).startswith("--scheduler tcp://here: its workers need ")
    assert problem in str(raised.value)


def test_workers_that_will_do() -> None:
    # One of them has just gone, and the interpreter's packages are its own affair.
    fitness.check(Workers({"a": HERE, "b": OSError()}, {"a": GOOD}), "tcp://here", None)
    fitness.check(Workers({"a": HERE}, {}), "tcp://here", "/usr/bin/python3")


def test_a_worker_that_comes_later_with_another_version_answers_nothing() -> None:
    with pytest.raises(Unlike, match=f"a worker has numpyro-lint {HERE}, not 9.9.9"):
        answers("name", "topic", Terms("9.9.9", None, "cpu", True), "")
