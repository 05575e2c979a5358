"""Inputs examined in a process of their own: one that dies or hangs is a failure and no end."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

from fuzzing.examine import Failure, examine
from fuzzing.kinds import Input, made
from fuzzing.pace import Pace
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
    context = multiprocessing.get_context("fork")
    while time.monotonic() < until:
        turn = [name for name, _ in zip(names, range(_TURN), strict=False)]
        while turn and time.monotonic() < until:
            ours, theirs = context.Pipe(duplex=False)
            worker = context.Process(target=_work, args=(turn, pace, theirs), daemon=True)
            worker.start()
            theirs.close()
            done = 0
            for done, outcome in enumerate(_heard(ours, turn), 1):
                yield outcome
                if time.monotonic() >= until:
                    break
            else:
                if done < len(turn):
                    yield _ended(worker, turn[done])
                    done += 1
            worker.kill()
            worker.join()
            turn = turn[done:]
        if not turn and done == 0:
            return


def _heard(ours: Connection, turn: list[Name]) -> Iterator[Outcome]:
    """What a worker tells, until it ends or is silent for too long."""
    try:
        for _ in turn:
            if not ours.poll(DEADLINE):
                return
            yield ours.recv()
    except EOFError:
        return


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
    source, size = given.source, len(given.source.text)
    seconds, slow = pace.seconds(source)
    failures = (*slow, *examine(source, given.before))
    parsed = not source.damage and not parse(source).unreadable
    return Outcome(name, size, seconds, seconds / pace.allowed(size), parsed, failures)
