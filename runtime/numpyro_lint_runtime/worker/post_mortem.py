"""What a process that was killed, or that died, has left behind to tell why and where."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass, replace

from ..protocol import Asked, Failure, ModelRequest, Position
from .limits import TOO_MUCH

_FRAME = re.compile(r'^  File "(.*)", line (\d+) in (.*)', re.MULTILINE)
_THREAD = re.compile(r"^(?=(?:Current thread|Thread) 0x)", re.MULTILINE)
_SAID = {
    "SIGKILL": ": perhaps the system ran out of memory",
    "SIGXCPU": ": it computed for too long",
    **dict.fromkeys(
        ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV"), ": compiled code crashed"
    ),
}


def late(stage: Asked) -> str:
    """What allows a stage more time."""
    if stage == "verify":
        return "--verify-timeout allows more"
    return "--timeout, or `timeout` in the settings, allows more"


def cause_of_death(status: int | None) -> tuple[str, str]:
    """The name of what ended a process with this wait status, and the sentence. None: it lived on,
    without a way to answer."""
    if status is None:
        return "ProtocolError", "it closed what its process answers by"
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return name, f"the process was ended by {name} while the model ran{_SAID.get(name, '')}"
    code = os.WEXITSTATUS(status)
    if code == TOO_MUCH:
        return "MemoryError", "it took more memory than a trace may"
    return f"exit status {code}", f"the process ended with exit status {code} while the model ran"


def with_advice(failure: Failure | None, memory: int) -> Failure | None:
    """A failure for want of memory says what a trace may take of it: `memory` bytes."""
    if failure is None or failure.advice is not None:
        return failure
    if failure.exception != "MemoryError" and "RESOURCE_EXHAUSTED" not in failure.message:
        return failure
    advice = f"a trace may take {memory / (1 << 30):.3g} GiB of memory; smaller data would do"
    return replace(failure, advice=advice)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process was: the innermost line of the user's file, the line of a statement at the
    file's top level that was being executed, and in words the innermost line of all."""

    position: Position | None = None
    top: int | None = None
    within: str = ""

    def statement_of(self, model: ModelRequest) -> Position | None:
        """The statement that was being executed, among those that a model needs."""
        if self.top is None:
            return None
        return next((s for s in model.statements if s.line <= self.top <= s.end_line), None)


def _short(path: str) -> str:
    _, installed, within = path.rpartition("site-packages" + os.sep)
    if installed:
        return within
    folder, name = os.path.split(path)
    return os.path.join(os.path.basename(folder), name) if name == "__init__.py" else name


def place_of_death(faults: str, path: str) -> Place:
    """The place in what faulthandler wrote of a process."""
    written = path.encode("ascii", "backslashreplace").decode()
    # The main thread, which runs the model, comes last.
    for thread in reversed(_THREAD.split(faults)):
        frames = _FRAME.findall(thread)
        own = [(int(line), name) for file, line, name in frames if file == written]
        if own:
            line, (file, at, _) = own[0][0], frames[0]
            top = own[-1][0] if own[-1][1] == "<module>" else None
            within = "" if file == written else f" (in {_short(file)}, line {at})"
            return Place(Position(line, 0, line, 0), top, within)
    return Place()
