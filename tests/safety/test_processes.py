"""Models that start processes and programs; threads are fine."""

from __future__ import annotations

import pytest
from safety.support import IMPORTS, Place, line_of, model

pytestmark = pytest.mark.trace

_WAYS = {
    "pool": "multiprocessing.Pool(2)",
    "forked": "multiprocessing.get_context('fork').Process(target=print).start()",
    "spawned": "multiprocessing.get_context('spawn').Process(target=print).start()",
    "served": "multiprocessing.get_context('forkserver').Process(target=print).start()",
    "executor": "concurrent.futures.ProcessPoolExecutor(2).submit(print).result()",
    "fork": "os.fork()",
    "fork_with_terminal": "os.forkpty()",
    "run": "subprocess.run(['touch', 'written'])",
    "shell": "subprocess.check_output('touch written', shell=True)",
    "system": "os.system('touch written')",
    "popen": "os.popen('touch written').read()",
    "posix_spawn": "os.posix_spawn('/bin/touch', ['touch', 'written'], {})",
    "spawnlp": "os.spawnlp(os.P_WAIT, 'touch', 'touch', 'written')",
    "execlp": "os.execlp('touch', 'touch', 'written')",
    "asynchronous": "asyncio.run(asyncio.create_subprocess_exec('touch', 'written'))",
}
TEXT = (
    IMPORTS
    + "import asyncio, concurrent.futures, multiprocessing, os, subprocess, threading\n"
    + model("first")
    + "".join(model(name, f"{code}  # {name}") for name, code in _WAYS.items())
    + model(
        "threads",
        "done = []",
        "thread = threading.Thread(target=done.append, args=(1,))",
        "thread.start(); thread.join()",
        "with concurrent.futures.ThreadPoolExecutor(2) as pool:",
        "    assert done + list(pool.map(abs, [-1])) == [1, 1]",
    )
    + model("last")
)


def test_each_is_refused_at_its_line_and_the_others_are_traced(place: Place) -> None:
    models = place.trace(TEXT)
    for name in ("first", "threads", "last"):
        assert models[name].status == "ok", models[name]
    for name, code in _WAYS.items():
        told = models[name]
        assert told.message.startswith(("a trace may not run a program: ", "a trace may not start"))
        assert told.message.endswith("; move it out of what the model needs")
        assert told.line == line_of(TEXT, f"{code}  # {name}"), told
    assert "run a program: touch written" in models["run"].message
    assert "run a program: /bin/sh -c 'touch written'" in models["shell"].message
