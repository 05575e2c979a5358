"""`--jobs`: the same report by several processes, whatever becomes of one of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.corpus import command, environment, large, project, run, timeless

from numpyro_lint import text
from numpyro_lint.cli.main import main
from numpyro_lint.cli.many import amount, pool
from numpyro_lint_runtime.process import WorkerProcess

# What is to happen when a process of the pool, or any, comes to a file.
ODD = """
import os, time
from numpyro_lint.cli.many import static
real = static.{name}
def odd(source, *rest, **named):
    if source.path.endswith("own/models.py"):
        {what}
    return real(source, *rest, **named)
static.{name} = odd
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = large(tmp_path_factory.mktemp("corpus"))
    sources = [text.load(str(path)) for path in folder.rglob("*.py")]
    assert amount.processes(sources) >= 2
    return folder


@pytest.mark.parametrize("form", ["text", "json", "html", "concise"])
def test_two_processes_report_what_one_does(corpus: Path, form: str) -> None:
    one, two = (run(corpus, ".", "--output-format", form, "--jobs", jobs) for jobs in "12")
    assert one == two
    assert "funnel" in one[1]


def test_processes_that_begin_from_nothing_report_the_same(corpus: Path) -> None:
    spawns = "from numpyro_lint.cli.many import pool\npool.FORKS = False"
    arguments = (".", "--output-format", "text", "--jobs")
    assert run(corpus, *arguments, "2", before=spawns) == run(corpus, *arguments, "1")


def test_what_needs_other_files_is_found_by_any_process(corpus: Path) -> None:
    (corpus / "own/names.py").write_text('def named(name):\n    return "your_" + name\n')
    _, found, _ = run(corpus, ".", "--output-format", "concise", "--jobs", "2")
    assert "own/models.py:11:48: error[unknown-site-in-handler]" in found
    assert "did you mean 'your_slope'?" in found


def test_a_file_that_ends_its_process_costs_itself(corpus: Path) -> None:
    arguments = (".", "--output-format", "concise", "--jobs", "2")
    _, good, _ = run(corpus, *arguments)
    killed = ODD.format(name="_read", what="os.kill(os.getpid(), 9)")
    status, found, errors = run(corpus, *arguments, before=killed)
    new = [line for line in found.splitlines() if line not in good.splitlines()]
    lost = [line for line in good.splitlines() if line not in found.splitlines()]
    assert (status, errors) == (2, "")
    (told,) = new
    assert told.startswith("own/models.py:1:1: error[internal-error] reading this file failed: ")
    assert told.endswith(": the process that read it was ended by SIGKILL; please report it")
    assert all(line.startswith("own/models.py:") for line in lost)


def test_a_file_that_this_program_cannot_read_costs_itself(corpus: Path) -> None:
    raises = ODD.format(name="check", what="raise ValueError('odd')")
    arguments = (".", "--output-format", "concise", "--jobs")
    one, two = (run(corpus, *arguments, jobs, before=raises) for jobs in "12")
    assert one == two
    status, found, errors = one
    assert (status, errors, found.count("internal-error")) == (2, "", 1)
    assert "own/models.py:1:1: error[internal-error] reading this file failed: ValueError" in found


def _gone(pid: int) -> bool:
    """Whether a process ends within some seconds."""
    end = time.monotonic() + 30.0
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are told by /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_all_processes_end_with_the_one_that_began(
    corpus: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    pids = tmp_path / "pid"
    seconds = 600 if sent == signal.SIGINT else 3
    what = f"open({str(pids)!r}, 'w').write(str(os.getpid())); time.sleep({seconds})"
    before = ODD.format(name="_read", what=what)
    process = subprocess.Popen(
        command("--static", ".", "--jobs", "2", before=before), cwd=corpus, text=True,
        env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 60.0
    while not (pids.exists() and pids.read_text()) and time.monotonic() < end:
        time.sleep(0.02)
    if sent == signal.SIGINT:
        # As a terminal does: to all of them.
        os.killpg(process.pid, sent)
    else:
        process.kill()
    out, errors = process.communicate(timeout=60)
    assert _gone(int(pids.read_text()))
    assert (out, errors) == ("", "analyze: interrupted\n" if sent == signal.SIGINT else "")
    assert process.returncode == (2 if sent == signal.SIGINT else -9)


def test_answers_come_of_all_tasks_but_of_those_that_kill() -> None:
    def work(task: int) -> bytes:
        if task % 7 == 3:
            os._exit(task)
        return b"%d" % (task * task)

    tasks = list(range(40))
    found = dict(pool.answers(work, tasks, [1 + task % 5 for task in tasks], 3))
    assert found == {
        task: pool.Ended(task) if task % 7 == 3 else b"%d" % (task * task) for task in tasks
    }
    assert str(found[3]) == "ended with status 3"


def test_processes_that_cannot_begin_leave_all_to_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "_serve", lambda *given: os._exit(1))
    assert list(pool.answers(bytes, [1, 2, 3], [1, 1, 1], 2)) == []


@pytest.mark.trace
def test_two_workers_trace_what_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[int] = []
    begin = WorkerProcess.__init__

    def counted(self: WorkerProcess, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        started.append(self.pid)

    monkeypatch.setattr(WorkerProcess, "__init__", counted)
    monkeypatch.setattr(amount, "_FILES", 1)
    for number in range(4):
        (tmp_path / str(number)).mkdir()
        project(tmp_path / str(number))
    monkeypatch.chdir(tmp_path)
    outputs = []
    for jobs in ("1", "2"):
        main(["--no-values", "--jobs", jobs, "--output-format", "json", "."])
        outputs.append(json.loads(timeless(capsys.readouterr().out)))
    assert outputs[0] == outputs[1]
    assert outputs[0]["summary"]["traced"] == 4
    assert len(set(started)) == 3


@pytest.mark.parametrize("given", ["0", "-1", "two", ""])
def test_jobs_are_a_number(analyze: Callable[..., tuple[int, str, str]], given: str) -> None:
    status, _, errors = analyze("--static", f"--jobs={given}", "examples")
    assert status == 2
    assert f"argument --jobs: '{given}' is no number from 1 on" in errors
