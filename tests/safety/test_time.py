"""What does not come back in time."""

from __future__ import annotations

import pytest
from safety.support import IMPORTS, LATE, Place, line_of, model

pytestmark = pytest.mark.trace

ENDLESS = (
    IMPORTS
    + "import re, socket, threading, time\n"
    + model("first")
    + model("python", "while True: pass  # python")
    + model("holds_the_lock", 're.match(r"(a+)+$", "a" * 60 + "b")  # re')
    + model(
        "numpy",
        "with np.errstate(all='ignore'):",
        "    while True: np.ones(10_000_000).sum()  # numpy",
    )
    + model(
        "in_jax",
        "with jax.ensure_compile_time_eval():",
        "    jax.lax.while_loop(lambda x: x == x, lambda x: x + 1, 0).block_until_ready()",
    )
    + model("sleeps", "time.sleep(1000)  # sleep")
    + model(
        "blocks_all_signals",
        "import signal",
        "signal.pthread_sigmask(0, range(1, 65))  # all",
        "while True: pass",
    )
    + model(
        "tries_again_and_again",
        "while True:",
        "    try: socket.create_connection(('127.0.0.1', 9))  # again",
        "    except OSError: time.sleep(0.01)",
    )
    + model("last")
)
_MARKS = {
    "python": "while True: pass  # python",
    "holds_the_lock": "re.match",
    "numpy": "while True: np.ones",
    "in_jax": "jax.lax.while_loop",
    "sleeps": "time.sleep(1000)",
}


def test_each_is_ended_at_its_line_and_the_others_are_traced(place: Place) -> None:
    models = place.trace(ENDLESS, timeout=1.5)
    assert models["first"].status == models["last"].status == "ok"
    for name, mark in _MARKS.items():
        assert models[name].message.startswith("it took longer than 1.5 s"), models[name]
        assert models[name].message.endswith(f"; {LATE}"), models[name]
        assert models[name].line == line_of(ENDLESS, mark), models[name]
    assert models["blocks_all_signals"].message == f"it took longer than 1.5 s; {LATE}"


def test_what_was_refused_before_is_told(place: Place) -> None:
    text = IMPORTS + "import socket, time\n" + ENDLESS[ENDLESS.index("\n\ndef tries_again") :]
    again = place.trace(text, timeout=1.5)["tries_again_and_again"]
    assert again.message.startswith("it took longer than 1.5 s")
    (note,) = again.notes
    assert note == (
        line_of(text, "try: socket"),
        "before that, a trace may not look up the network address: 127.0.0.1",
    )


def test_a_slow_import_is_named_and_not_waited_for_again_and_again(place: Place) -> None:
    place.write("slow_helper.py", "import time\n\ntime.sleep(30)\nSCALE = 1.0\n")
    text = (
        IMPORTS
        + model("before")
        + "\n\nfrom slow_helper import SCALE\n"
        + "".join(
            f"\n\ndef {name}():\n    numpyro.sample('x', dist.Normal(0.0, SCALE))\n"
            for name in ("one", "two", "three", "four")
        )
        + model("after")
    )
    models = place.trace(text, timeout=1.0)
    assert models["before"].status == models["after"].status == "ok"
    for name in ("one", "two", "three", "four"):
        assert models[name].line == line_of(text, "from slow_helper")
        assert models[name].message == (
            f"it took longer than 1 s (in slow_helper.py, line 3); {LATE}"
        )
