"""Models that take their process down, and workers that are taken down."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from safety.support import IMPORTS, Place, line_of, model

from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import FileRequest, ModelRequest, Position

pytestmark = pytest.mark.trace

DEADLY = (
    IMPORTS
    + "import ctypes, os, signal, sys\n"
    + model("first")
    + model("leaves", 'sys.exit("enough")  # leaves')
    + model("vanishes", "os._exit(3)  # vanishes")
    + model("vanishes_from_c", "ctypes.CDLL(None)._exit(4)")
    + model("faults", "ctypes.string_at(0)  # faults")
    + model("aborts", "os.abort()  # aborts")
    + model("kills_itself", "os.kill(os.getpid(), signal.SIGKILL)  # kills")
    + model("is_killed", "signal.raise_signal(signal.SIGKILL)")
    + model("recurses", "def f(n): return f(n + 1)  # recurses", "f(0)")
    + model(
        "recurses_in_c",
        "sys.setrecursionlimit(10**9)",
        "class Endless:",
        "    def __repr__(self): return repr([self])",
        "repr(Endless())",
    )
    + model("interrupts", "raise KeyboardInterrupt  # interrupts")
    + model("closes_everything", "os.closerange(0, 1000)")
    + model("closes_and_stays", "os.closerange(0, 1000)", "import time; time.sleep(1000)")
    + model(
        "writes_everywhere",
        "for fd in range(3, 100):",
        "    try: os.write(fd, b'x\\n')",
        "    except OSError: pass",
    )
    + model("stops", "os.killpg(0, signal.SIGSTOP)  # stops")
    + model("last")
)
# The beginning of what is said, and a part of the line that is named.
SAID: dict[str, tuple[str, str | None]] = {
    "leaves": ("SystemExit: enough", "sys.exit"),
    "vanishes": ("a trace may not end its process: os._exit(3)", "os._exit(3)"),
    "vanishes_from_c": ("the process ended with exit status 4 while the model ran", None),
    "faults": ("the process was ended by SIGSEGV while the model ran", "ctypes.string_at"),
    "aborts": ("the process was ended by SIGABRT while the model ran", "os.abort"),
    "kills_itself": ("a trace may not send a signal: SIGKILL", "os.kill("),
    "is_killed": ("the process was ended by SIGKILL while the model ran", None),
    "recurses": ("RecursionError: maximum recursion depth exceeded", "def f(n)"),
    "recurses_in_c": ("", None),
    "interrupts": ("KeyboardInterrupt without text", "raise KeyboardInterrupt"),
    "closes_everything": ("the process ended with exit status 1 while the model ran", None),
    "closes_and_stays": ("", None),
    "writes_everywhere": ("it spoilt the answers of its process", None),
    "stops": ("a trace may not send a signal: SIGSTOP", "os.killpg"),
}


def test_each_is_told_and_the_others_are_traced(place: Place) -> None:
    models = place.trace(DEADLY, timeout=10)
    assert models["first"].status == models["last"].status == "ok"
    for name, (said, mark) in SAID.items():
        assert models[name].status == "failed"
        assert models[name].message.startswith(said), (name, models[name])
        assert "SIGXCPU" not in models[name].message
        if mark is not None:
            assert models[name].line == line_of(DEADLY, mark), name


def test_text_says_it_in_one_line_each(place: Place) -> None:
    place.write("program.py", DEADLY)
    status, out, err = place.analyze("--quiet", "program.py")
    assert (status, err) == (0, "")
    said = [line for line in out.splitlines() if "was not traced" in line]
    assert len([line for line in said if "[not-traced]" in line]) == len(said) >= len(SAID)
    (fault,) = [line for line in said if "'faults'" in line]
    ended = "the process was ended by SIGSEGV while the model ran: compiled code crashed"
    assert f"'faults' was not traced: {ended} (in ctypes/__init__.py, line " in fault


def request(path: Path, *lines: str) -> FileRequest:
    text = "import numpyro\nimport numpyro.distributions as dist\n" + "\n".join(lines) + "\n"
    statements = tuple(
        Position(number, 0, number, len(line)) for number, line in enumerate(text.splitlines(), 1)
    )
    names = [line.removeprefix("def ").partition("(")[0] for line in lines]
    models = tuple(ModelRequest(name, name, statements, deadline=30.0) for name in names)
    return FileRequest(str(path), text, models, str(path.parent))


def test_a_worker_that_is_killed_at_work_costs_one_model(tmp_path: Path) -> None:
    asked = request(
        tmp_path / "m.py",
        "def one(): numpyro.sample('x', dist.Normal())",
        "def loop(): [0 for _ in iter(int, 1)]",
        "def two(): numpyro.sample('x', dist.Normal())",
    )
    with Host() as host:
        results = host.trace(asked)
        assert next(results).status == "ok"
        first = host.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        loop, two = results
        assert loop.failure is not None
        assert loop.failure.message.startswith(
            "the process that traces was ended while the model ran"
        )
        assert two.status == "ok"
        assert host.pid != first
        (again,) = host.trace(replace(asked, models=asked.models[:1]))
        assert again.status == "ok"
