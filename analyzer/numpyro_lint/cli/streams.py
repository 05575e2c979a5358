"""Standard output and error, whatever they lead to and whatever is written to them."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterable
from typing import TextIO


def open_closed() -> None:
    """What is written to a stream that is closed, as by `>&-`, is shown nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))


def take_any_text(stream: TextIO) -> None:
    """Half a character, as a notebook may hold one, is written as an escape."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def complain(lines: Iterable[str]) -> None:
    """Says what went wrong; where that cannot be said either, the exit status has to do."""
    with contextlib.suppress(OSError):
        for line in lines:
            print(f"analyze: {line}", file=sys.stderr)
