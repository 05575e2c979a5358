"""The connection to a Dask cluster: requests go there as tasks, and answers are heard."""

from __future__ import annotations

import contextlib
import logging
import time
import uuid
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from numpyro_lint.cli.cluster import fitness, task
from numpyro_lint.cli.files import UsageError
from numpyro_lint_runtime.protocol import FileRequest, encode

if TYPE_CHECKING:
    from distributed import Client, Future

NEEDED = "--executor dask needs the package distributed: pip install 'numpyro-lint[dask]'"
# Seconds for the scheduler to answer.
CONNECT = 5.0
# Seconds for which a cluster may be without workers: a manager of jobs may bring others.
DESERTED = 60.0
# Seconds without an answer after which it is asked whether anybody is there.
_LOOK = 5.0
_CLOSING = 2.0
# The place of a result among those of its request, None for progress, and its line.
Heard = tuple[int | None, str]


class Lost(Exception):
    """The cluster does not answer any more; the message says why."""


class Killed(Exception):
    """Every worker that a task was given to has died of it, as far as anybody can tell."""


class Cluster:
    """The cluster of the scheduler at `address`, which has what traces need.

    `python` is the interpreter that is to trace, None for that of each worker. Raises UsageError
    where there is no cluster, or one that will not do.
    """

    def __init__(self, address: str, python: str | None = None) -> None:
        self.address = address
        # What became of it, once it was lost.
        self.trouble = ""
        self._inboxes: dict[str, SimpleQueue[Heard | None]] = {}
        self._deserted: float | None = None
        self._client = _connected(address)
        try:
            fitness.check(self._client, address, python)
            # How many requests it answers at the same time.
            self.threads: int = sum(self._client.nthreads().values())
            # Dask forgets what was said under this name when the client has gone.
            self._topic: str = self._client.id
            self._client.subscribe_topic(self._topic, self._hear)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends the connection. The cluster lets go of what is under way."""
        with contextlib.suppress(Exception):
            self._client.close(_CLOSING)

    def submit(self, request: FileRequest, terms: task.Terms) -> Task:
        """Have a request answered. Raises Lost."""
        name = f"numpyro-lint-{uuid.uuid4().hex}"
        inbox = self._inboxes[name] = SimpleQueue()
        try:
            future = self._client.submit(
                task.answers, name, self._topic, terms, encode(request), key=name, pure=False
            )
        except Exception as error:
            self.check()
            raise Lost(f"takes no tasks any more: {error}") from error
        return Task(self, name, future, inbox)

    def forget(self, name: str) -> None:
        """Hear no more of a task."""
        self._inboxes.pop(name, None)

    def check(self) -> None:
        """Raises Lost where nobody is left to answer."""
        try:
            has_workers = bool(self._client.nthreads())
        except Exception as error:
            raise Lost("has no scheduler any more") from error
        if has_workers:
            self._deserted = None
            return
        now = time.monotonic()
        self._deserted = self._deserted or now
        if now - self._deserted > DESERTED:
            raise Lost("has no workers any more")

    def _hear(self, event: tuple[float, Any]) -> None:
        """Takes an answer. Dask itself says things under the same name."""
        _, message = event
        if isinstance(message, dict) and (inbox := self._inboxes.get(message.get("task", ""))):
            inbox.put((message["place"], message["line"]))


class Task:
    """A request that is on its way. `cancel` may be called from any thread."""

    def __init__(
        self, cluster: Cluster, name: str, future: Future, inbox: SimpleQueue[Heard | None]
    ) -> None:
        self._cluster, self._name, self._future, self._inbox = cluster, name, future, inbox
        self.cancelled = False
        future.add_done_callback(lambda _: inbox.put(None))

    def next(self) -> Heard | None:
        """An answer, as it lands; None once there are no more. Raises Lost.

        What a worker has said that died in the middle is said again by the one that takes over.
        """
        while True:
            try:
                return self._inbox.get(timeout=_LOOK)
            except Empty:
                if self._future.done():
                    return None
                self._cluster.check()

    def results(self) -> list[str]:
        """The results of a task that has ended, all of them. Raises Lost or Killed."""
        from distributed import KilledWorker

        try:
            found: list[str] = self._future.result()
        except KilledWorker as error:
            raise Killed("the workers of the cluster that traced it have died") from error
        except Exception as error:
            self._cluster.check()
            raise Lost(f"has failed: {error}") from error
        return found

    def cancel(self) -> None:
        """The answers are not wanted any more."""
        self.cancelled = True
        self._cluster.forget(self._name)
        with contextlib.suppress(Exception):
            self._future.cancel()
        self._inbox.put(None)


def _connected(address: str) -> Client:
    try:
        import distributed
    except ImportError:
        raise UsageError(NEEDED) from None
    # What of its logs concerns users is told by us.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

    class Prompt(distributed.Client):  # type: ignore[misc]
        """Leaves no thread behind where it cannot connect.

        Dask ends that of a client when it happens upon what is left of it: also while it starts
        another, and then each waits for the other.
        """

        def start(self, **named: Any) -> None:
            try:
                super().start(**named)
            except BaseException:
                self.close(_CLOSING)
                self._loop_runner.stop()  # which it leaves out where it has closed by itself
                raise

    try:
        return Prompt(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # the last where Dask has no certificates
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise UsageError(f"--scheduler {address}: no scheduler answers: {reason}") from error
