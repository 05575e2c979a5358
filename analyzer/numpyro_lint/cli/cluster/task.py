"""What a worker of the cluster does: it answers one request, by a host that it keeps warm."""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpyro_lint
from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import FileRequest, Progress, decode_request, frame

# What decides on what a trace shows.
PACKAGES = ("numpyro", "jax")
# Seconds without a request after which a host lets go of its memory: a cluster serves others too.
_IDLE = 60.0
# Seconds between two looks at whether an answer is still wanted.
_LOOK = 0.25


@dataclass(frozen=True, slots=True)
class Terms:
    """What requests are answered with: those of `numpyro_lint_runtime.host.Host`.

    `python`: the interpreter, None for the one that the worker itself runs on. `version`: that of
    numpyro-lint where the requests come from.
    """

    version: str
    python: str | None
    platform: str
    keeps: bool


class Unlike(Exception):
    """A worker has another version of numpyro-lint than who asks it."""


def versions() -> dict[str, str]:
    """The versions of what decides on a trace, "" where it is not installed."""
    found = dict.fromkeys(PACKAGES, "")
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def answers(name: str, topic: str, terms: Terms, encoded: str) -> list[str]:
    """The results for a request, framed; each is also told under `topic`, as it lands.

    `name` is that of the task. Raises Unlike.
    """
    if terms.version != numpyro_lint.__version__:
        raise Unlike(f"a worker has numpyro-lint {numpyro_lint.__version__}, not {terms.version}")
    from distributed import get_worker

    worker, found = get_worker(), list[str]()
    request = decode_request(encoded)
    with _host(terms) as host, _while_wanted(worker, name, host):
        for answer in _asked(host, request):
            line = frame(answer)
            place = None if isinstance(answer, Progress) else len(found)
            if place is not None:
                found.append(line)
            worker.log_event(topic, {"task": name, "place": place, "line": line})
    return found


def _asked(host: Host, request: FileRequest) -> Iterator[Any]:
    stages = {"trace": host.trace, "values": host.values, "verify": host.verify}
    return stages[request.stage](request)


@contextlib.contextmanager
def _while_wanted(worker: Any, name: str, host: Host) -> Iterator[None]:
    """Has the host let go of its request when nobody waits for the answers any more.

    A task that runs cannot be stopped from outside, but it is told by its state that it is not
    wanted: whoever asked has cancelled it, or is gone.
    """
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK):
            task = worker.state.tasks.get(name)
            if task is None or task.state == "cancelled":
                host.cancel()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()  # it must not cancel what the host is asked next


_idle: defaultdict[Terms, list[Host]] = defaultdict(list)


@contextlib.contextmanager
def _host(terms: Terms) -> Iterator[Host]:
    """A host that serves nobody else meanwhile: one for each thread of this worker that is busy.

    It ends with the process, as all that is started in it.
    """
    try:
        host = _idle[terms].pop()
    except IndexError:
        host = Host(terms.python, platform=terms.platform, keeps=terms.keeps, idle=_IDLE)
    try:
        yield host
    finally:
        _idle[terms].append(host)
