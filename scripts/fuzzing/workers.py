"""Inputs examined in a process of their own: one that dies or hangs is a failure and no end."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import time
from collections.abc import Iterator
from itertools import islice
from multiprocessing.connection import Connection

from fuzzing.examine import Failure
from fuzzing.kinds import Input, made
from fuzzing.pace import Pace, examined
from numpyro_lint.record import record
from numpyro_lint.syntax.parse import parse

# Nothing that is asked of a text may take longer, whatever it is.
DEADLINE = 120.0
# A worker ends after so many inputs, and the next one begins with nothing kept.
_TURN = 500
_MEMORY = 6 << 30

Name = tuple[str, int, int]


@record
class Outcome:
    """What became of an input: None of `size` where there was none to examine.

    `share`: of the time that its check may take.
    """

    name: Name
    size: int | None = None
    seconds: float = 0.0
    share: float = 0.0
    parsed: bool = False
    failures: tuple[Failure, ...] = ()


def outcomes(names: Iterator[Name], until: float, pace: Pace) -> Iterator[Outcome]:
    """What becomes of the inputs of these names, one after the other, until a time."""
    left: list[Name] = []
    while left := left or list(islice(names, _TURN)):
        told = 0
        for outcome in _of_worker(left, pace):
            yield outcome
            told += 1
            if time.monotonic() >= until:
                return
        left = left[told:]


def _of_worker(names: list[Name], pace: Pace) -> Iterator[Outcome]:
    """What one worker tells of inputs, up to the first that ends it."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_work, args=(names, pace, theirs), daemon=True)
    worker.start()
    theirs.close()
    try:
        for name in names:
            told = _heard(ours)
            yield told or _ended(worker, name)
            if told is None:
                return
    finally:
        worker.kill()
        worker.join()


def _heard(ours: Connection) -> Outcome | None:
    """The next that a worker tells; None where it has ended or is silent for too long."""
    try:
        return ours.recv() if ours.poll(DEADLINE) else None
    except EOFError:
        return None


def _ended(worker: multiprocessing.process.BaseProcess, name: Name) -> Outcome:
    worker.join(1.0)
    if worker.exitcode is None:
        failure = Failure(f"hangs: {name[0]}", f"it has no end after {DEADLINE:g} s")
    else:
        code = worker.exitcode
        by = signal.Signals(-code).name if code < 0 else f"status {code}"
        failure = Failure(f"dies: {name[0]}: {by}", f"the process ended: {by}")
    return Outcome(name, 0, failures=(failure,))


def _work(turn: list[Name], pace: Pace, to: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in turn:
        to.send(outcome(name, made(*name), pace))


def outcome(name: Name, given: Input | None, pace: Pace) -> Outcome:
    """What becomes of an input in this process."""
    if given is None:
        return Outcome(name)
    source = given.source
    found = examined(source, given.before, pace)
    parsed = not source.damage and not parse(source).unreadable
    size = len(source.text)
    return Outcome(name, size, found.seconds, found.share, parsed, found.failures)
