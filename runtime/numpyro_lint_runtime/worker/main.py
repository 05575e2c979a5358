"""The worker's process: its descriptors, its imports, and the loop that serves requests."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import sys
import time
from dataclasses import replace

from ..protocol import Failure, Ready, TraceResult, frame

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
    python = sys.executable
    return Failure(
        "start",
        type(error).__name__,
        f"{python} cannot import numpyro: {error}",
        advice=f"pip install numpyro into {python}, or pass --python.",
    )


def _too_old(version: str) -> Failure | None:
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers >= OLDEST:
        return None
    oldest = ".".join(map(str, OLDEST))
    return Failure(
        "start",
        "ImportError",
        f"{sys.executable} has numpyro {version}; tracing needs {oldest} or later.",
        advice=f"pip install --upgrade numpyro in {sys.executable}, or pass --python.",
    )


def _ready() -> Ready:
    """Import what every trace needs, and say what it is."""
    python = platform.python_version()
    try:
        jax, numpyro = (importlib.import_module(name) for name in ("jax", "numpyro"))
    except Exception as error:
        return Ready(python, sys.executable, failure=_missing(error))
    failure = _too_old(numpyro.__version__)
    return Ready(python, sys.executable, numpyro.__version__, jax.__version__, 0.0, failure)


def _clean_up(host: int) -> None:
    """Remove the scratch folder of a host that is gone; one that lives may start a new worker."""
    scratch = os.environ.get("NUMPYRO_LINT_SCRATCH")
    if scratch and os.getppid() != host:
        shutil.rmtree(scratch, ignore_errors=True)


def main(memory: int, idle: float | None, fork: bool) -> None:
    """Serve until the host closes the pipe. `memory`: bytes that a trace may allocate."""
    start = time.perf_counter()
    host = os.getppid()
    requests, answers = _private_pipes()
    ready = _ready()
    if ready.failure is None:
        child = importlib.import_module(".child", __package__)
        child.fill_caches()
    ready = replace(ready, seconds=time.perf_counter() - start)
    os.write(answers, frame(ready).encode())
    if ready.failure is not None:
        return
    versions = TraceResult("", "failed", python=ready.python, numpyro=ready.numpyro, jax=ready.jax)
    if fork and hasattr(os, "fork"):
        supervisor = importlib.import_module(".supervisor", __package__)
        supervisor.Supervisor(requests, answers, versions, memory, idle).run()
        _clean_up(host)
    else:
        importlib.import_module(".inline", __package__).serve(
            requests, answers, lambda: _clean_up(host)
        )
