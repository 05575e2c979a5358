"""Models that want more than there is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from safety.support import FLOORS, IMPORTS, Place, line_of, model

from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import FileRequest, ModelRequest, Position

pytestmark = pytest.mark.trace

GREEDY = (
    IMPORTS
    + "import mmap, tempfile\n"
    + model("first")
    + model("in_numpy", "np.ones(10**12)  # numpy")
    + model(
        "in_jax",
        "with jax.ensure_compile_time_eval():",
        "    jnp.ones(2 * 10**9).block_until_ready()  # jax",
    )
    + model("in_python", "bytearray(10**11)  # python")
    + model(
        "on_disk",
        "with tempfile.TemporaryFile() as file:",
        "    file.truncate((1 << 30) + 1)  # disk",
    )
    + model("last")
)


def test_each_is_told_and_the_others_are_traced(place: Place) -> None:
    models = place.trace(GREEDY)
    assert models["first"].status == models["last"].status == "ok"
    for name, mark, said in (
        ("in_numpy", "np.ones(10", "MemoryError"),
        ("in_jax", "jnp.ones(2", "RESOURCE_EXHAUSTED"),
        ("in_python", "bytearray(", "MemoryError"),
        ("on_disk", "file.truncate(", "File too large"),
    ):
        assert said in models[name].message, models[name]
        told = models[name].message.endswith(
            "a trace may take 4 GiB of memory; smaller data would do"
        )
        assert ".; " not in models[name].message, models[name]
        assert told == (name != "on_disk"), models[name]
        assert models[name].line == line_of(GREEDY, mark), models[name]


def test_memory_that_no_limit_counts_is_watched(place: Place) -> None:
    """Shared mappings are not counted as data; on other systems nothing is."""
    script = """
import mmap, os, sys, time
from numpyro_lint_runtime.worker import limits
ours, theirs = os.pipe()
limits.watch(ours, 100 << 20)
shared = mmap.mmap(-1, 300 << 20)
for start in range(0, len(shared), 4096):
    shared[start] = 1
time.sleep(20)
"""
    env = {**os.environ, "PYTHONPATH": FLOORS}
    done = subprocess.run([sys.executable, "-c", script], env=env, check=False, timeout=60)
    assert done.returncode == 77


def test_what_is_watched_is_told_with_its_line(place: Place) -> None:
    text = (
        "import mmap\n"
        "def greedy():\n"
        "    shared = mmap.mmap(-1, 1 << 30)\n"
        "    for start in range(0, len(shared), 4096):\n"
        "        shared[start] = 1\n"
        "    while True: pass\n"
    )
    statements = (Position(1, 0, 1, 11), Position(2, 0, 6, 20))
    asked = ModelRequest("greedy", "greedy", statements, deadline=60.0)
    with Host(memory=256 << 20) as host:
        (result,) = host.trace(FileRequest(str(place.work / "m.py"), text, (asked,)))
    assert result.failure is not None
    assert result.failure.message == "it took more memory than a trace may"
    assert result.failure.position is not None
    assert result.failure.position.line in (4, 5, 6)
    advice = "a trace may take 0.25 GiB of memory; smaller data would do"
    assert result.failure.advice == advice


def test_a_worker_is_replaced_after_so_many_files(place: Place) -> None:
    text = "def model(): pass\n"
    statements = (Position(1, 0, 1, 17),)
    asked = FileRequest(
        str(place.work / "m.py"), text, (ModelRequest("model", "model", statements),)
    )
    workers = []
    with Host(files=2) as host:
        for _ in range(3):
            (result,) = host.trace(asked)
            assert result.status == "ok"
            workers.append(host.pid)
    assert workers[0] is not None
    assert workers[1] is None
    assert workers[2] not in (workers[0], None)
