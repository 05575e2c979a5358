"""How much there is to read, and from where on more than one process is worth it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from numpyro_lint.text import Source, concerns_us

# To fork takes some milliseconds; elsewhere it is not safe, and a process begins from nothing.
FORKS = sys.platform == "linux"
# Characters of text with models that are read in a fifth of a second, from where on it pays to look
# up what is kept, and those that each process more is to have: bench/many_files.py measures it.
KEPT = 40_000
_EACH = KEPT if FORKS else 4 * KEPT
# Files with models for each worker more that traces: one takes seconds to import NumPyro.
_FILES = 4


def jobs(text: str) -> int:
    """A number of processes as it is written. Raises argparse.ArgumentTypeError."""
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 on")


def characters(sources: Sequence[Source]) -> int:
    """How much text there is to read."""
    return sum(len(each.text) for each in sources if concerns_us(each.text))


def processes(sources: Sequence[Source]) -> int:
    """How many processes are worth it to read some files: 1 at least."""
    return max(1, characters(sources) // _EACH)


def tracers(sources: Sequence[Source]) -> int:
    """How many workers are worth it to trace some files: 1 at least."""
    return max(1, files(sources) // _FILES)


def files(sources: Sequence[Source]) -> int:
    """How many files may have models."""
    return sum(concerns_us(each.text) for each in sources)
