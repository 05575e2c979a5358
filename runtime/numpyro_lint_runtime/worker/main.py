"""The worker's process: its descriptors, its imports, and the loop that serves requests."""

from __future__ import annotations

import gc
import importlib
import os
import platform
import select
import sys
import threading
import time
from dataclasses import replace

from .. import scratch
from ..protocol import Failure, Ready, TraceResult, frame
from . import own

OLDEST = (0, 16)


def _private_pipes() -> tuple[int, int]:
    """Private copies of fd 0 and fd 1; then nothing reads the one and prints go to fd 2."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _missing(error: BaseException) -> Failure:
    lacks = isinstance(error, ModuleNotFoundError)
    return Failure(
        "start",
        type(error).__name__,
        f"{sys.executable} cannot import numpyro: {error}",
        advice=_other_numpyro("install numpyro" if lacks else "install --upgrade numpyro"),
    )


def _other_numpyro(pip: str) -> str:
    return f"`{sys.executable} -m pip {pip}` may help; --python names another interpreter"


def _too_old(version: str) -> Failure | None:
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers >= OLDEST:
        return None
    oldest = ".".join(map(str, OLDEST))
    return Failure(
        "start",
        "ImportError",
        f"{sys.executable} has numpyro {version}, and tracing needs {oldest} or later",
        advice=_other_numpyro("install --upgrade numpyro"),
    )


def _ready() -> Ready:
    """Import what every trace needs, and say what it is."""
    python = platform.python_version()
    try:
        jax, numpyro = (importlib.import_module(name) for name in ("jax", "numpyro"))
        versions = numpyro.__version__, jax.__version__
    except Exception as error:
        return Ready(python, sys.executable, failure=_missing(error))
    return Ready(python, sys.executable, *versions, 0.0, _too_old(versions[0]))


class _Abandoned:
    """Ends this process while it is not listening to the host yet, should that be gone."""

    def __init__(self, requests: int) -> None:
        self._done, done = os.pipe()
        self._requests, self._end = requests, done
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        waits = select.poll()
        waits.register(self._requests, 0)  # a pipe that has lost its other end, and nothing else
        waits.register(self._done, select.POLLIN)
        if self._done not in [fd for fd, _ in waits.poll()]:
            clean_up()
            os._exit(0)

    def stop(self) -> None:
        """No thread may be left when the process forks."""
        os.write(self._end, b".")
        self._thread.join()
        os.close(self._end)
        os.close(self._done)


def clean_up() -> None:
    """Remove the scratch folder of a host that is gone; one that lives may start a new worker."""
    folder = os.environ.get("NUMPYRO_LINT_SCRATCH")
    if folder:
        scratch.remove(folder)


def main(memory: int, idle: float | None, fork: bool, keeps: bool) -> None:
    """Serve until the host closes the pipe. `memory`: bytes that a trace may allocate; `keeps`: the
    byte code of our own modules."""
    start = time.perf_counter()
    sys.dont_write_bytecode = True
    own.keep_byte_code(keeps)
    # All that is imported lives to the end: to look for garbage in it takes a tenth of the time.
    gc.disable()
    requests, answers = _private_pipes()
    abandoned = _Abandoned(requests) if hasattr(select, "poll") else None
    ready = _ready()
    if ready.failure is None:
        own.module("child").fill_caches()
    gc.freeze()
    gc.enable()
    if abandoned is not None:
        abandoned.stop()
    ready = replace(ready, seconds=time.perf_counter() - start)
    try:
        os.write(answers, frame(ready).encode())
        gone = ready.failure is None and _serve(requests, answers, ready, memory, idle, fork)
    except BrokenPipeError:
        gone = True
    if gone:
        clean_up()
    # JAX takes as long to be taken down as a trace does, and nothing of it outlives the process.
    sys.stderr.flush()
    os._exit(0)


def _serve(
    requests: int, answers: int, ready: Ready, memory: int, idle: float | None, fork: bool
) -> bool:
    """Serve; whether the host has gone without a word."""
    if fork and hasattr(os, "fork"):
        versions = TraceResult(
            "", "failed", python=ready.python, numpyro=ready.numpyro, jax=ready.jax
        )
        supervisor = own.module("supervisor")
        return bool(supervisor.Supervisor(requests, answers, versions, memory, idle).run())
    own.module("inline").serve(requests, answers, clean_up)
    return False
