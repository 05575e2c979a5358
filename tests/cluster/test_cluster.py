"""`--executor dask`, on a cluster of several processes: nothing is lost, and nothing differs."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
from cli.corpus import loaded, timeless
from cluster.conftest import Cluster, analyzed, began, until
from conftest import ROOT
from distributed import Client

pytestmark = [pytest.mark.trace, pytest.mark.slow]

PROGRAMS = (
    "blocks by_handlers class_regression click_main data eight_schools handmade_split hmm_scan "
    "mixture shared_models fit_shared nested_main survey.json two_stages coins.ipynb"
).split()
# Traced once a file is there: no sooner than the test wants it.
WAITS = """\
import os, time
import numpyro
import numpyro.distributions as dist


def model(y=None):
    loc = numpyro.sample("loc", dist.Normal(0.0, 1.0))
    while not os.path.exists("go"):
        time.sleep(0.05)
    numpyro.sample("y", dist.Normal(loc, 1.0), obs=y)
"""
DIES = """\
import ctypes
import numpyro
import numpyro.distributions as dist


def model():
    numpyro.sample("loc", dist.Normal(0.0, 1.0))
    ctypes.string_at(0)


def other():
    numpyro.sample("loc", dist.Normal(0.0, 1.0))
"""
FUNNEL = """\
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist

y = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])


def model(y):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        numpyro.sample("y", dist.Normal(theta, 10.0), obs=y)


numpyro.handlers.seed(model, 0)(y)
"""
JSON = ("--output-format", "json", "--timeout", "120")


def on(cluster: Cluster) -> tuple[str, ...]:
    return ("--executor", "dask", "--scheduler", cluster.address)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "programs").mkdir()
    return tmp_path / "programs"


def dozen(folder: Path) -> None:
    """Programs of every kind, and one that kills the process in which it is traced."""
    for name in PROGRAMS:
        path = ROOT / "tests/tracing/programs" / (name if "." in name else f"{name}.py")
        if name == "data":
            shutil.copytree(path.with_suffix(""), folder / name)
        else:
            shutil.copy(path, folder)
    (folder / "dies.py").write_text(DIES)


def busy(client: Client) -> list[str]:
    """The workers that are at work."""
    return [worker for worker, keys in client.processing().items() if keys]


def descendants(pid: int) -> list[psutil.Process]:
    """The processes below one: a warm one that traces, and those in which models run."""
    return psutil.Process(pid).children(recursive=True)


def same(cluster: Cluster, folder: Path, *arguments: str) -> dict[str, Any]:
    """The report of the cluster, which is that of this machine."""
    # What is compiled here need not be compiled there.
    here = analyzed(folder, *JSON, *arguments, ".", caches=cluster.folder)
    there = analyzed(folder, *JSON, *on(cluster), *arguments, ".")
    assert there[::2] == here[::2]
    assert timeless(there[1]) == timeless(here[1])
    return loaded(there[1])


def test_a_cluster_reports_what_one_machine_does(cluster: Cluster, folder: Path) -> None:
    dozen(folder)
    report = same(cluster, folder, "--no-values", "--capture")
    assert report["summary"]["traced"] > 12
    with cluster.client() as client:
        ran = client.run(lambda dask_worker: dask_worker.state.transition_counter > 0)
    assert list(ran.values()) == [True, True, True]


def test_what_is_killed_in_the_middle_is_traced_by_another(cluster: Cluster, folder: Path) -> None:
    for name in ("waits.py", "waits_too.py"):
        (folder / name).write_text(WAITS)
    with cluster.client() as client:
        pids = client.run(os.getpid)
        run = began(folder, *JSON, *on(cluster), "--no-values", ".")
        try:
            killed, spared = until(lambda: len(found := busy(client)) == 2 and found)
            started = until(lambda: len(found := descendants(pids[killed])) > 1 and found)
            os.kill(pids[killed], signal.SIGKILL)
            (idle,) = pids.keys() - {killed, spared}
            until(lambda: set(busy(client)) == {idle, spared})
            (folder / "go").touch()
            out, errors = run.communicate(timeout=120)
        finally:
            run.kill()
    _, alive = psutil.wait_procs(started, timeout=30)
    cluster.grow(1)
    here = analyzed(folder, *JSON, "--no-values", ".")
    assert (run.returncode, timeless(out), errors) == (here[0], timeless(here[1]), here[2])
    assert loaded(out)["summary"]["traced"] == 2
    assert alive == []


@pytest.mark.verify
def test_runs_of_nuts_say_there_what_they_do_here(cluster: Cluster, folder: Path) -> None:
    (folder / "funnel.py").write_text(FUNNEL)
    report = same(cluster, folder, "--verify")
    found = {each["rule"]: each.get("evidence", {}) for each in report["diagnostics"]}
    assert found["funnel"]["verify"]["verdict"] == "helps"


def test_what_has_changed_is_traced_again(cluster: Cluster, folder: Path) -> None:
    shutil.copy(ROOT / "examples/misspelt_key.py", folder)
    run = began(folder, "--watch", *on(cluster), "--no-values", "--output-format", "concise", ".")
    try:
        assert run.stderr is not None
        assert run.stdout is not None
        for slips in (2, 1):
            assert run.stderr.readline() == "Watching for changes; Ctrl-C ends it.\n"
            found = [run.stdout.readline() for _ in range(slips)]
            assert all("did you mean 'growth'?" in each or "growth_rate" in each for each in found)
            path = folder / "misspelt_key.py"
            path.write_text(path.read_text().replace('"grow"', '"growth"'))
        os.killpg(run.pid, signal.SIGINT)
        assert run.communicate(timeout=60) == ("", "")
    finally:
        run.kill()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_after_an_interruption_nothing_goes_on(
    cluster: Cluster, folder: Path, sent: signal.Signals
) -> None:
    (folder / "waits.py").write_text(WAITS)
    with cluster.client() as client:
        run = began(folder, *JSON, *on(cluster), "--no-values", ".")
        (worker,) = until(lambda: busy(client))
        (pid,) = client.run(os.getpid, workers=[worker]).values()
        # The process that traces, and that in which the model waits.
        traced = until(lambda: len(found := descendants(pid)) > 1 and found)
        os.killpg(run.pid, sent)
        said = "analyze: interrupted\n" if sent == signal.SIGINT else ""
        assert run.communicate(timeout=60) == ("", said)
        until(lambda: not any(client.run(lambda dask_worker: [*dask_worker.state.tasks]).values()))
        # The warm process is there for others, and the model's is not.
        until(lambda: any(not each.is_running() for each in traced))
        assert any(each.is_running() for each in traced)


def test_what_kills_its_workers_is_given_up(lone_scheduler: Cluster, folder: Path) -> None:
    (folder / "waits.py").write_text(WAITS)
    lone_scheduler.grow(1)
    with lone_scheduler.client() as client:
        run = began(folder, *on(lone_scheduler), "--output-format", "concise", ".")
        until(lambda: busy(client))
    lone_scheduler.processes[-1].kill()
    out, errors = run.communicate(timeout=60)
    died = "the workers of the cluster that traced it have died"
    assert out == f"waits.py:6:5: info[not-traced] 'model' was not traced: {died}\n"
    assert (run.returncode, errors) == (0, "")


def test_a_cluster_that_is_gone_is_told_of_each_model(
    lone_scheduler: Cluster, folder: Path
) -> None:
    (folder / "waits.py").write_text(WAITS)
    (folder / "funnel.py").write_text(FUNNEL)
    lone_scheduler.grow(1)
    with lone_scheduler.client() as client:
        run = began(folder, *on(lone_scheduler), "--output-format", "concise", ".")
        until(lambda: busy(client))
    lone_scheduler.scheduler.kill()
    out, errors = run.communicate(timeout=60)
    gone = f"the cluster at {lone_scheduler.address} has no scheduler any more"
    assert (run.returncode, errors) == (2, f"analyze: {gone}\n")
    assert sorted(line for line in out.splitlines() if "not-traced" in line) == [
        f"funnel.py:8:5: info[not-traced] 'model' was not traced: {gone}",
        f"waits.py:6:5: info[not-traced] 'model' was not traced: {gone}",
    ]
