"""The worker's process as the host sees it: its environment, its pipes, its end."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from typing import IO

from . import compiled
from . import scratch as folders
from .caches import user_caches

GIB = 1 << 30
_KEEP = 1 << 16
_SECRET = ("TOKEN", "SECRET", "PASSWORD", "CREDENTIAL")
# The worker is loaded by its place, under its own name: nothing of ours goes on the user's path,
# and nothing in the current folder can take the place of a module.
BOOTSTRAP = """
import sys
if sys.version_info < (3, 10):
    sys.exit("it is Python %d.%d, and tracing needs 3.10 or later" % sys.version_info[:2])
sys.path[:] = [entry for entry in sys.path if entry]
import importlib.util, os
folder, memory, idle, fork, keeps = sys.argv[1:]
sys.dont_write_bytecode = keeps != "1"
name = "numpyro_lint_runtime"
spec = importlib.util.spec_from_file_location(
    name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
sys.modules[name] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
from numpyro_lint_runtime.worker.main import main
sys.argv = [""]
main(int(memory), float(idle) or None, fork == "1", keeps == "1")
"""


def _is_secret(name: str) -> bool:
    upper = name.upper()
    return upper.endswith("_KEY") or any(word in upper for word in _SECRET)


def environment(scratch: str, platform: str = "cpu") -> dict[str, str]:
    """The worker's environment: the host's without secrets, on `platform`, caches in `scratch`."""
    kept = {name: value for name, value in os.environ.items() if not _is_secret(name)}
    kept.pop("PYTHONNODEBUGRANGES", None)
    if sys.platform == "linux" and not os.path.isdir(user_caches()):
        kept["XDG_CACHE_HOME"] = os.path.join(scratch, "cache")
    return kept | {
        "JAX_PLATFORMS": platform,
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        "MPLBACKEND": "Agg",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "NUMPYRO_LINT_SCRATCH": scratch,
        "TMPDIR": scratch,
        "MPLCONFIGDIR": os.path.join(scratch, "matplotlib"),
        "NUMBA_CACHE_DIR": os.path.join(scratch, "numba"),
        "JAX_COMPILATION_CACHE_DIR": compiled.within(scratch),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        # The place of these would be part of what an entry is known by.
        "JAX_PERSISTENT_CACHE_ENABLE_XLA_CACHES": "none",
    }


class WorkerProcess:
    """One worker process with its reader threads, and the folder `scratch` for what it writes."""

    def __init__(self, command: list[str], env: dict[str, str], scratch: str) -> None:
        self.scratch = scratch
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.errors = b""
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            start_new_session=True,
        )
        stdin, stdout, stderr = self._process.stdin, self._process.stdout, self._process.stderr
        assert stdin is not None
        self._stdin: IO[bytes] = stdin
        self._threads = [
            threading.Thread(target=self._read, args=(stdout,), daemon=True),
            threading.Thread(target=self._drain, args=(stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self.lines.put(line.decode("utf-8", "replace"))
        self.lines.put(None)
        self._process.wait()  # a worker that ends by itself leaves no zombie

    def _drain(self, stream: IO[bytes]) -> None:
        with stream:
            while data := stream.read1(1 << 16):  # type: ignore[attr-defined]
                self.errors = (self.errors + data)[-_KEEP:]

    def last_words(self) -> str:
        """The last line that the worker has written to its standard error."""
        lines = self.errors.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def send(self, line: str) -> bool:
        try:
            self._stdin.write(line.encode())
            self._stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def end(self, patience: float = 0.0) -> None:
        """Close the pipe, wait a moment for the worker to end its children, then kill the group.

        A worker that sees the pipe closed without a word takes its host for dead.
        """
        with contextlib.suppress(OSError, ValueError):
            os.set_blocking(self._stdin.fileno(), False)
            os.write(self._stdin.fileno(), b"Close\n")
        with contextlib.suppress(OSError):
            self._stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join(1.0)


def launch(
    python: str,
    *,
    scratch: str | None = None,
    memory: int = 4 * GIB,
    idle: float | None = None,
    platform: str = "cpu",
    fork: bool = True,
) -> WorkerProcess:
    """Start a worker, for a `Host` with the same options; `scratch`: a folder of its own, if None.

    Raises OSError where `python` cannot be run.
    """
    folder = scratch or folders.make()
    options = [str(memory), str(idle or 0.0), str(int(fork)), str(int(not sys.dont_write_bytecode))]
    here = os.path.dirname(os.path.realpath(__file__))
    command = [python, "-c", BOOTSTRAP, here, *options]
    try:
        return WorkerProcess(command, environment(folder, platform), folder)
    except OSError:
        if scratch is None:
            folders.remove(folder)
        raise
