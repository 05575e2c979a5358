"""What one trace may take of the machine, and its end with that of the process that started it."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import select
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_LARGEST_FILE = 1 << 30
_LOOKS = 0.25
# A process that cannot be told that its parent has gone ends with its share of the processor.
_SPARE_SECONDS = 60.0
TOO_MUCH = 77  # the exit status of a process that has outgrown its memory


def limit(memory: int, seconds: float) -> None:
    """Let the process allocate `memory` bytes more than it has now, write no large files and no
    cores, and compute for `seconds` and some on each processor."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    _lower(resource.RLIMIT_CPU, math.ceil((seconds + _SPARE_SECONDS) * (os.cpu_count() or 1)))
    try:
        with open("/proc/self/status") as status:
            used = next(int(line.split()[1]) * 1024 for line in status if line[:7] == "VmData:")
    except (OSError, StopIteration):
        return  # only Linux counts mapped memory against this limit: `watch` sees to it elsewhere
    _lower(resource.RLIMIT_DATA, used + memory)


def _lower(kind: int, wanted: int) -> None:
    """Lower a limit; one that is lower already stays."""
    soft, hard = resource.getrlimit(kind)
    known = [each for each in (wanted, soft, hard) if each != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(known), min(known)))


def resident() -> int:
    """What is resident of this process, in bytes, but for files that it has mapped.

    Where the system does not tell, the most that ever was, with those.
    """
    with contextlib.suppress(OSError), open("/proc/self/status") as status:
        kinds = ("RssAnon:", "RssShmem:")
        return sum(int(line.split()[1]) * 1024 for line in status if line.startswith(kinds))
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def die_with(parent: int) -> None:
    """Have the kernel end this process with its parent, where it can."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def watch(parent: int, memory: int, report: Callable[[], None] = lambda: None) -> None:
    """End with the parent, which holds the other end of the pipe `parent`, where no signal tells;
    and where `memory` bytes more than now are resident, which shared memory does not escape:
    then `report` is called first."""
    most, leave = resident() + memory, os._exit

    def wait() -> None:
        while not select.select([parent], [], [], _LOOKS)[0]:
            if resident() > most:
                report()
                leave(TOO_MUCH)
        leave(0)

    threading.Thread(target=wait, daemon=True).start()
