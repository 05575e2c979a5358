"""An input that fails, made as small as it may be in some seconds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

_PARTS = (r"[^\n]*\n|[^\n]+", r"\w+|\s+|\W", r"[\s\S]")

Fails = Callable[[str], bool]


def shrunk(text: str, fails: Fails, seconds: float = 20.0) -> str:
    """The smallest text that was found to fail: of its lines, then its tokens, then characters."""
    end = time.monotonic() + seconds
    for pattern in _PARTS:
        parts = re.findall(pattern, text)
        size = max(1, len(parts) // 2)
        while size and time.monotonic() < end:
            parts, fewer = _without(parts, size, fails, end)
            size = size if fewer and size == 1 else size // 2
        text = "".join(parts)
    return text


def _without(parts: list[str], size: int, fails: Fails, end: float) -> tuple[list[str], bool]:
    """What is left where every run of so many parts goes that can; and whether any did."""
    before, at = len(parts), 0
    while at < len(parts) and time.monotonic() < end:
        left = parts[:at] + parts[at + size :]
        if fails("".join(left)):
            parts = left
        else:
            at += size
    return parts, len(parts) < before
