"""What one run of a command costs, with all that it starts."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """Wall and CPU seconds of a run, and the megabytes of its largest process.

    These are no less than those of the program that measures.
    """

    wall: float
    cpu: float
    memory: float


def run(
    command: Sequence[str],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    fine: Collection[int] = (0,),
) -> Cost:
    """One run, with these variables besides those that there are. Raises RuntimeError where it
    ends with a status that is not `fine`."""
    # As installed: modules are read from their byte code.
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    variables |= environment or {}
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        if process.returncode not in fine:
            said.seek(0)
            end = said.read()[-2000:].decode(errors="replace")
            raise RuntimeError(f"{command} ended with {process.returncode}:\n{end}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
