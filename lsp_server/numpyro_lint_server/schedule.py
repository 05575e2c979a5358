"""When to read a text that is being typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 0.3


class Debouncer:
    """Calls `run(key)` when a key has been left in peace for `delay` seconds, or has waited
    `PATIENCE` since it was first poked. To be used on the event loop.
    """

    def __init__(self, run: Callable[[str], None]) -> None:
        self._run = run
        self._waiting: dict[str, tuple[float, asyncio.TimerHandle]] = {}

    def poke(self, key: str, delay: float) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        first = now
        if key in self._waiting:
            first, handle = self._waiting[key]
            handle.cancel()
        due = min(now + delay, first + max(PATIENCE, delay))
        self._waiting[key] = (first, loop.call_at(due, self._fire, key))

    def drop(self, key: str) -> None:
        if key in self._waiting:
            self._waiting.pop(key)[1].cancel()

    def _fire(self, key: str) -> None:
        del self._waiting[key]
        self._run(key)
