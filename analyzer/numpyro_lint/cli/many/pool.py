"""Work on many things in several processes, one of which may die of what it is given."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, NamedTuple, TypeVar

from numpyro_lint.cli.many.amount import FORKS

T = TypeVar("T")
# So many batches for each process: the fewer, the longer the others wait for the last one.
_BATCHES = 16
_READY = b"ready"
# Seconds that a process may take to end.
_PATIENCE = 5.0


class Ended(NamedTuple):
    """The process that worked on something has ended: its exit code, below 0 for a signal."""

    code: int | None

    def __str__(self) -> str:
        if self.code is not None and self.code < 0:
            try:
                return f"was ended by {signal.Signals(-self.code).name}"
            except ValueError:
                return f"was ended by signal {-self.code}"
        return f"ended with status {self.code}"


class _Member(NamedTuple):
    """A process and the tasks that it has been given, by their numbers, in order."""

    process: BaseProcess
    tasks: deque[int]


def answers(
    work: Callable[[T], bytes], tasks: Sequence[T], weights: Sequence[int], processes: int
) -> Iterator[tuple[int, bytes | Ended]]:
    """What `work` makes of each task, with its number, as it lands.

    The processes end when the caller stops, or ends itself. Where none can be started, tasks are
    left without an answer.
    """
    pool = _Pool(work, tasks, _batches(weights, processes))
    try:
        for _ in range(min(processes, len(pool.waiting))):
            pool.start()
        yield from pool.answers()
    except OSError:
        return  # no process more can be had
    finally:
        pool.end()


def _batches(weights: Sequence[int], processes: int) -> deque[list[int]]:
    """Tasks by their numbers, the heavy ones first: what is begun last is soon done."""
    least = sum(weights) / (_BATCHES * processes)
    batches: deque[list[int]] = deque()
    weight = least
    for number in sorted(range(len(weights)), key=lambda each: -weights[each]):
        if weight >= least:
            batches.append([])
            weight = 0
        batches[-1].append(number)
        weight += weights[number]
    return batches


class _Pool(Generic[T]):
    """The processes, each by the pipe that leads to it, and the batches that are waiting."""

    def __init__(
        self, work: Callable[[T], bytes], tasks: Sequence[T], waiting: deque[list[int]]
    ) -> None:
        self.work, self.tasks, self.waiting = work, tasks, waiting
        self.members: dict[Connection, _Member] = {}
        self.leaving: list[BaseProcess] = []

    def start(self) -> None:
        """Start one process more. Raises OSError."""
        context: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
        ours, theirs = context.Pipe()
        # What is forked holds these as well, and the others would not notice that we have ended.
        held = [*self.members, ours] if FORKS else []
        process = context.Process(target=_serve, args=(self.work, theirs, held), daemon=True)
        process.start()
        theirs.close()
        self.members[ours] = _Member(process, deque())

    def answers(self) -> Iterator[tuple[int, bytes | Ended]]:
        while self.members:
            for pipe in wait(list(self.members)):
                assert isinstance(pipe, Connection)
                tasks = self.members[pipe].tasks
                try:
                    answer = pipe.recv_bytes()
                except (EOFError, OSError):
                    yield from self._lost(pipe)
                    continue
                if tasks:
                    yield tasks.popleft(), answer
                if not tasks:
                    self._give(pipe)

    def _give(self, pipe: Connection) -> None:
        """The next batch to a process, or nothing more."""
        if not self.waiting:
            self._let_go(pipe)
            return
        batch = self.waiting.popleft()
        self.members[pipe].tasks.extend(batch)
        # Where it has died, that is told when it is listened to.
        with contextlib.suppress(OSError):
            pipe.send([self.tasks[each] for each in batch])

    def _lost(self, pipe: Connection) -> Iterator[tuple[int, Ended]]:
        """A process has died: of what it was at. Another one takes up what it leaves."""
        process, tasks = self._let_go(pipe)
        process.join(_PATIENCE)
        if not tasks:
            return  # it has not even begun, and others would not either
        yield tasks.popleft(), Ended(process.exitcode)
        if tasks:
            self.waiting.appendleft(list(tasks))
        if self.waiting:
            self.start()

    def _let_go(self, pipe: Connection) -> _Member:
        """A process has no work any more: it ends by itself."""
        member = self.members.pop(pipe)
        pipe.close()
        self.leaving.append(member.process)
        return member

    def end(self) -> None:
        """End all processes, whatever they are at."""
        for pipe in list(self.members):
            self._let_go(pipe).process.kill()
        for process in self.leaving:
            process.join(_PATIENCE)


def _serve(work: Callable[[T], bytes], pipe: Connection, held: Sequence[Connection]) -> None:
    """A process of the pool, until nothing more comes. Ctrl-C is for the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for each in held:
            each.close()
        pipe.send_bytes(_READY)
        while True:
            for task in pipe.recv():
                pipe.send_bytes(work(task))
    except (EOFError, OSError):
        os._exit(0)
