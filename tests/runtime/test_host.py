"""The host and its worker: what is answered when models behave, and when they do not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpyro
import numpyro.distributions as dist
import pytest
from numpyro import handlers
from runtime.support import PREAMBLE, Ask, request_for

from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.process import environment
from numpyro_lint_runtime.protocol import TraceResult

pytestmark = pytest.mark.trace

EIGHT_SCHOOLS = """
J = 8
y = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
sigma = jnp.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)
"""
CALL = "eight_schools(J, sigma, y=y)"


def line_of(text: str, part: str) -> int:
    return (PREAMBLE + text)[: (PREAMBLE + text).index(part)].count("\n") + 1


def processes(ancestor: int | None = None) -> set[int]:
    """The processes that descend from one, or from this one."""
    root = ancestor or os.getpid()
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = (int(fields[1]), fields[0])
    found: set[int] = set()
    grown = {root}
    while grown:
        found |= grown
        grown = {pid for pid, (parent, _) in parents.items() if parent in found} - found
    return found - {root}


def wait_until(condition: object, seconds: float = 5.0) -> bool:
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def gone(pid: int) -> bool:
    """Whether a process has ended; it may do so while it is looked at."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return True
    return state == "Z"


def test_eight_schools(ask: Ask) -> None:
    (result,) = ask(EIGHT_SCHOOLS, CALL)
    assert (result.status, result.mode, result.failure) == ("ok", "abstract", None)
    assert {site.name: site.shape for site in result.sites} == {
        "mu": (),
        "tau": (),
        "J": (8,),
        "theta": (8,),
        "obs": (8,),
    }
    theta = result.sites[3]
    assert theta.depends == {"loc": ("mu",), "scale": ("tau",)}
    assert [plate.name for plate in theta.plates] == ["J"]
    assert theta.position is not None
    assert theta.position.path is None
    assert theta.position.line == line_of(EIGHT_SCHOOLS, "theta = ")
    assert result.python.startswith("3.")
    assert result.numpyro
    assert result.jax


def test_concrete_values(host: Host, tmp_path: Path) -> None:
    text = PREAMBLE + (
        "def linear(x):\n"
        '    intercept = numpyro.sample("intercept", dist.Normal(0.0, 10.0))\n'
        '    slope = numpyro.sample("slope", dist.Normal(0.0, 5.0))\n'
    )
    request = request_for(tmp_path / "m.py", text, "linear(1.0)")
    models = tuple(replace(model, mode="concrete") for model in request.models)
    (result,) = host.trace(replace(request, models=models))
    assert result.mode == "concrete"
    with handlers.seed(rng_seed=0):
        drawn = [numpyro.sample("x", dist.Normal(0.0, scale)) for scale in (10.0, 5.0)]
    assert [site.value for site in result.sites] == pytest.approx(list(map(float, drawn)))


BAD = """
import os, sys, ctypes, signal
def good(): numpyro.sample("x", dist.Normal())
def loop():
    numpyro.sample("x", dist.Normal())
    while True:
        pass
def leave(): sys.exit("enough")
def vanish(): ctypes.CDLL(None)._exit(3)
def fault():
    ctypes.string_at(0)
def interrupt(): raise KeyboardInterrupt
def broken():
    numpyro.sample("x", dist.Normal())
    raise ValueError("no")
def chatty():
    while True:
        print("x" * 1000)
"""


def stage_and_line(result: TraceResult) -> tuple[str, str, int | None]:
    assert result.failure is not None
    position = result.failure.position
    return result.failure.stage, result.failure.exception, position and position.line


def test_what_a_model_does_to_its_process_is_told_of_it_alone(ask: Ask) -> None:
    names = ["loop", "leave", "vanish", "fault", "interrupt", "broken", "good"]
    results = ask(BAD, "good", *names, deadline=1.0)
    by_name = {result.id: result for result in results}
    assert [result.id for result in results] == ["good", *names]
    assert by_name["good"].status == "ok"

    deadline = line_of(BAD, "while True")
    assert stage_and_line(by_name["loop"])[0:2] == ("deadline", "TimeoutError")
    assert stage_and_line(by_name["loop"])[2] in (deadline, deadline + 1)
    assert stage_and_line(by_name["leave"]) == ("model", "SystemExit", line_of(BAD, "def leave"))
    assert stage_and_line(by_name["vanish"]) == ("crash", "exit status 3", None)
    assert stage_and_line(by_name["fault"]) == ("crash", "SIGSEGV", line_of(BAD, "ctypes.string"))
    assert stage_and_line(by_name["interrupt"])[:2] == ("model", "KeyboardInterrupt")
    assert stage_and_line(by_name["broken"]) == ("model", "ValueError", line_of(BAD, "raise Value"))
    assert [site.name for site in by_name["broken"].sites] == ["x"]


def test_endless_printing_is_capped_and_ended(ask: Ask) -> None:
    chatty, good = ask(BAD, "chatty", "good", deadline=1.0)
    assert stage_and_line(chatty)[0] == "deadline"
    assert 1000 < len(chatty.output) < 50_000
    assert (good.status, good.output) == ("ok", "")


def test_output_goes_with_its_model_and_never_into_the_protocol(ask: Ask) -> None:
    text = """
import os
def first():
    print("FileDone {}"); os.write(1, b"raw\\n"); os.write(2, b"error\\n")
def second(): print("two")
"""
    first, second = ask(text, "first", "second")
    assert sorted(first.output.split("\n")) == ["", "FileDone {}", "error", "raw"]
    assert second.output == "two\n"


def test_nothing_leaks_from_one_file_to_the_next(ask: Ask) -> None:
    text = """
jax.config.update("jax_enable_x64", True)
import os, sys
os.environ["LEAK"] = "yes"
sys.modules["leaked"] = sys
def model(): numpyro.sample("x", dist.Normal(0.0, 1.0))
"""
    (wide,) = ask(text, "model")
    assert wide.sites[0].dtype == "float64"
    text = """
import os, sys
assert "LEAK" not in os.environ and "leaked" not in sys.modules
def model(): numpyro.sample("x", dist.Normal(0.0, 1.0))
"""
    (narrow,) = ask(text, "model")
    assert (narrow.failure, narrow.sites[0].dtype) == (None, "float32")


def test_an_edited_module_next_to_the_file_is_seen(ask: Ask, tmp_path: Path) -> None:
    text = (
        "from nearby import size\ndef model(): numpyro.sample('x', dist.Normal().expand([size]))\n"
    )
    shapes = []
    for size in (3, 5):
        (tmp_path / "nearby.py").write_text(f"size = {size}\n")
        shapes.append(ask(text, "model")[0].sites[0].shape)
    assert shapes == [(3,), (5,)]


def test_file_arguments_and_folder_are_what_the_file_expects(ask: Ask, tmp_path: Path) -> None:
    text = """
import os, sys
def model():
    place = os.path.realpath(os.path.dirname(__file__))
    assert os.path.realpath(os.getcwd()) == place == os.path.realpath(sys.path[0])
    assert sys.argv == [__file__]
    assert sys.stdin.read() == ""
"""
    (result,) = ask(text, "model")
    assert result.failure is None


def test_randomness_of_numpy_and_python_is_seeded(ask: Ask) -> None:
    text = """
import random
def model():
    print(random.random(), np.random.normal())
"""
    first, again = ask(text, "model", "model")
    assert first.output == again.output != ""


def test_a_huge_plate_takes_no_memory(ask: Ask) -> None:
    text = """
import resource
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def model():
    with numpyro.plate("big", 10**9):
        numpyro.sample("x", dist.Normal())
def check():
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    huge, check = ask(text, "model", "check")
    assert huge.sites[1].shape == (10**9,)
    assert int(check.output) < 50_000


def test_memory_is_limited(host: Host, tmp_path: Path) -> None:
    text = PREAMBLE + "def model():\n    np.ones((1 << 30,), dtype='float64')[:] = 2\n"
    (result,) = host.trace(request_for(tmp_path / "m.py", text, "model"))
    assert result.failure is not None
    assert "MemoryError" in result.failure.exception


def test_the_worker_is_replaced_when_it_dies_idle(host: Host, tmp_path: Path) -> None:
    request = request_for(tmp_path / "m.py", PREAMBLE + BAD, "good")
    list(host.trace(request))
    pid = host.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: gone(pid))
    (result,) = host.trace(request)
    assert result.status == "ok"
    assert host.pid != pid


def test_the_worker_is_replaced_when_it_dies_at_work(host: Host, tmp_path: Path) -> None:
    request = request_for(tmp_path / "m.py", PREAMBLE + BAD, "good", "loop", "good", deadline=20.0)
    results = host.trace(request)
    assert next(results).status == "ok"
    pid = host.pid
    assert pid is not None
    children = processes(pid)
    os.kill(pid, signal.SIGKILL)
    loop, good = results
    assert stage_and_line(loop)[0] == "crash"
    assert good.status == "ok"
    assert all(wait_until(lambda child=child: gone(child)) for child in children)


def test_a_caller_may_stop_listening(host: Host, tmp_path: Path) -> None:
    request = request_for(tmp_path / "m.py", PREAMBLE + BAD, "good", "loop", deadline=60.0)
    start = time.monotonic()
    for result in host.trace(request):
        assert result.id == "good"
        break
    (result,) = host.trace(request_for(tmp_path / "m.py", PREAMBLE + BAD, "good"))
    assert result.status == "ok"
    assert time.monotonic() - start < 10.0


def test_cancel_from_another_thread(host: Host, tmp_path: Path) -> None:
    request = request_for(tmp_path / "m.py", PREAMBLE + BAD, "loop", "good", deadline=60.0)
    threading.Timer(0.7, host.cancel).start()
    assert [result.status for result in host.trace(request)] == ["skipped", "skipped"]


def test_cancel_without_fork(tmp_path: Path) -> None:
    request = request_for(tmp_path / "m.py", PREAMBLE + BAD, "good", "loop", "good", deadline=60.0)
    with Host(fork=False) as host:
        results = host.trace(request)
        assert next(results).status == "ok"
        threading.Timer(0.3, host.cancel).start()
        assert [result.status for result in results] == ["skipped", "skipped"]
        (again,) = host.trace(replace(request, models=request.models[:1]))
        assert again.status == "ok"


def test_files_of_several_threads_take_turns(host: Host, tmp_path: Path) -> None:
    request = request_for(tmp_path / "m.py", PREAMBLE + EIGHT_SCHOOLS, CALL)
    results: list[TraceResult] = []
    threads = [
        threading.Thread(target=lambda: results.extend(host.trace(request))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30.0)
    assert [result.status for result in results] == ["ok", "ok"]


def test_a_file_without_models(host: Host, tmp_path: Path) -> None:
    assert list(host.trace(request_for(tmp_path / "m.py", ""))) == []


def python_without_numpyro(folder: Path) -> str:
    """An interpreter that finds nothing but the standard library."""
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "$@"\n')
    python.chmod(0o755)
    return str(python)


def test_an_interpreter_without_numpyro(tmp_path: Path) -> None:
    python = python_without_numpyro(tmp_path)
    with Host(python) as host:
        first, second = host.trace(request_for(tmp_path / "m.py", BAD, "good", "loop"))
        for result in (first, second):
            assert result.failure is not None
            assert (result.status, result.failure.stage) == ("failed", "start")
            assert "cannot import numpyro" in result.failure.message
            assert "pip install numpyro" in (result.failure.advice or "")
            assert "--python" in (result.failure.advice or "")


def test_an_interpreter_that_is_not_there(tmp_path: Path) -> None:
    with Host(str(tmp_path / "python")) as host:
        ready = host.start()
    assert ready.failure is not None
    assert ready.failure.stage == "start"
    assert str(tmp_path / "python") in ready.failure.message


def test_an_interpreter_that_is_none(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho this is no python >&2\nexit 1\n")
    python.chmod(0o755)
    with Host(str(python)) as host:
        failure = host.start().failure
    assert failure is not None
    assert "this is no python" in failure.message


def test_without_fork(tmp_path: Path) -> None:
    text = "from nearby import size\n" + PREAMBLE + BAD
    text += "def sized(): numpyro.sample('x', dist.Normal().expand([size]))\n"
    with Host(fork=False) as host:
        for size in (2, 3):
            (tmp_path / "nearby.py").write_text(f"size = {size}\n")
            (sized,) = host.trace(request_for(tmp_path / "m.py", text, "sized"))
            assert sized.sites[0].shape == (size,)
        request = request_for(tmp_path / "m.py", text, "loop", "good", deadline=1.0)
        loop, good = host.trace(request)
        assert stage_and_line(loop)[0] == "deadline"
        assert good.status == "ok"


def test_closing_leaves_nothing_behind(tmp_path: Path) -> None:
    before = processes()
    host = Host()
    request = request_for(tmp_path / "m.py", PREAMBLE + BAD, "good", "loop", deadline=60.0)
    results = host.trace(request)
    assert next(results).status == "ok"
    scratch = environment_of(host)
    assert processes() - before
    host.close()
    assert not processes() - before
    assert not scratch.exists()
    assert [result.status for result in results] == ["skipped"]


def environment_of(host: Host) -> Path:
    data = Path(f"/proc/{host.pid}/environ").read_bytes().split(b"\0")
    (scratch,) = [entry[21:] for entry in data if entry.startswith(b"NUMPYRO_LINT_SCRATCH=")]
    return Path(os.fsdecode(scratch))


def test_what_is_closed_starts_no_worker(tmp_path: Path) -> None:
    host = Host()
    host.close()
    host.prefork()
    assert host.pid is None
    assert host.start().failure is not None


def test_what_is_closed_while_its_worker_starts_says_that_it_did_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host = Host("true")
    monkeypatch.setattr("numpyro_lint_runtime.host.time.sleep", lambda _: host._end())
    failure = host.start().failure
    assert failure is not None
    assert "ended" in failure.message


def test_an_idle_worker_ends_by_itself_and_comes_back(tmp_path: Path) -> None:
    request = request_for(tmp_path / "m.py", PREAMBLE + BAD, "good")
    with Host(idle=0.5) as host:
        assert [result.status for result in host.trace(request)] == ["ok"]
        assert wait_until(lambda: host.pid is None)
        assert [result.status for result in host.trace(request)] == ["ok"]


def test_the_worker_ends_with_its_host(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys\nfrom numpyro_lint_runtime.host import Host\n"
        "host = Host()\nhost.start()\nprint(host.pid, host._scratch, flush=True)\nos._exit(0)\n"
    )
    runtime = Path(sys.modules["numpyro_lint_runtime"].__path__[0]).parent
    out = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(runtime)},
        stdout=subprocess.PIPE,
        check=True,
    )
    pid, scratch = out.stdout.split()
    assert wait_until(lambda: gone(int(pid)))
    assert not Path(os.fsdecode(scratch)).exists()


def test_secrets_stay_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MY_TOKEN", "aws_secret_thing", "DB_PASSWORD", "Credential_File", "API_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("KEYBOARD", "qwertz")
    kept = environment("/scratch")
    assert kept["KEYBOARD"] == "qwertz"
    assert kept["JAX_PLATFORMS"] == "cpu"
    assert "x" not in [kept.get(name) for name in ("MY_TOKEN", "aws_secret_thing", "DB_PASSWORD")]
    assert not {"Credential_File", "API_KEY"} & set(kept)
