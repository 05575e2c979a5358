"""Nothing outlives who asked for it, however that ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from safety.support import FLOORS, IMPORTS, MARK, Place, marked, model, told, wait_until

pytestmark = pytest.mark.trace

ENDLESS = IMPORTS + "import os, re\nwritten = open(os.environ['TMPDIR'] + '/begun', 'w').close()\n"
ENDLESS += model("in_python", "assert written is None", "while True: pass")
IN_C = IMPORTS + "import os, re\nwritten = open(os.environ['TMPDIR'] + '/begun', 'w').close()\n"
IN_C += model("in_c", "assert written is None", 're.match(r"(a+)+$", "a" * 60 + "b")')


def begun(place: Place) -> bool:
    return any(place.temporary.rglob("begun"))


def at_work(place: Place, text: str) -> subprocess.Popen[bytes]:
    """`analyze` on a model that does not end, while it runs."""
    place.write("program.py", text)
    process = place.start("--python", sys.executable, "--timeout", "1000", "program.py")
    assert wait_until(lambda: begun(place), 60.0)
    assert len(marked(place.mark)) >= 3
    return process


@pytest.mark.parametrize("text", [ENDLESS, IN_C], ids=["python", "c"])
def test_the_command_is_killed(place: Place, text: str) -> None:
    process = at_work(place, text)
    process.kill()
    process.communicate(timeout=30)
    place.check_nothing_is_left({"home": None, "temporary": None, **files(place)})


def files(place: Place) -> dict[str, bytes | None]:
    # Others may be about to go: the worker's own, while it ends.
    return place.tree("work")


@pytest.mark.parametrize(
    ("by", "status"),
    [(signal.SIGINT, 2), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)],
)
def test_the_command_is_interrupted(place: Place, by: signal.Signals, status: int) -> None:
    process = at_work(place, ENDLESS)
    # As a terminal does: to the whole group, of which no worker is part.
    os.killpg(process.pid, by)
    out, err = process.communicate(timeout=30)
    assert process.returncode == status
    assert (out, err) == (b"", b"analyze: interrupted\n" if status == 2 else b"")
    place.check_nothing_is_left({"home": None, "temporary": None, **files(place)})


def children(pid: int) -> list[int]:
    """The processes that another has started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(each) for task in tasks for each in (task / "children").read_text().split()]


def test_the_worker_is_killed_while_the_command_waits(place: Place) -> None:
    text = IMPORTS + "import os\n" + model("first")
    text += model(
        "endless", "open(os.environ['TMPDIR'] + '/begun', 'w').close()", "while True: pass"
    )
    place.write("program.py", text + model("last"))
    before = files(place)
    arguments = ("--timeout", "1000", "--output-format", "json", "program.py")
    process = place.start("--python", sys.executable, *arguments)
    assert wait_until(lambda: begun(place), 60.0)
    (worker,) = children(process.pid)
    os.kill(worker, signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    models = told(json.loads(out))
    assert (process.returncode, err) == (0, b"")
    assert models["first"].status == models["last"].status == "ok"
    said = "the process that traces was ended while the model ran"
    assert (models["endless"].status, models["endless"].message) == ("failed", said)
    place.check_nothing_is_left({"home": None, "temporary": None, **before})


def host(place: Place, code: str) -> subprocess.Popen[bytes]:
    """A program with a host of its own."""
    environment = os.environ | {
        "PYTHONPATH": FLOORS,
        "TMPDIR": str(place.temporary),
        MARK: place.mark,
    }
    script = f"import os, time\nfrom numpyro_lint_runtime.host import Host\nhost = Host()\n{code}"
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment)


@pytest.mark.parametrize(
    "code",
    [
        "host.prefork(); print('here', flush=True); time.sleep(1000)",
        "host.start(); print('here', flush=True); time.sleep(1000)",
    ],
    ids=["importing", "idle"],
)
def test_the_host_is_killed(place: Place, code: str) -> None:
    process = host(place, code)
    assert process.stdout is not None
    assert process.stdout.readline() == b"here\n"
    process.kill()
    process.communicate(timeout=30)
    place.check_nothing_is_left({"home": None, "temporary": None, "work": None})


def test_the_host_ends_without_closing(place: Place) -> None:
    process = host(place, "host.start()\nraise SystemExit")
    process.communicate(timeout=60)
    place.check_nothing_is_left({"home": None, "temporary": None, "work": None})


def test_the_worker_is_killed_while_its_host_lives(place: Place) -> None:
    """Its forks end with it; the host removes what is left."""
    code = """
import signal
host.start()
os.kill(host.pid, signal.SIGKILL)
time.sleep(1)
host.start()
host.close()
"""
    process = host(place, code)
    process.communicate(timeout=60)
    assert process.returncode == 0
    place.check_nothing_is_left({"home": None, "temporary": None, "work": None})
