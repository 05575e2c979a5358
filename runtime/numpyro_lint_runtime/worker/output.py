"""What models print, cut down to size and told apart."""

from __future__ import annotations

from collections import deque

# A model's child writes this into its own output when a model is done: results go another way,
# and the two would have no common order.
MARK = b"\0numpyro-lint: model done\0"
_KEEP = 8192


class Capped:
    """The beginning and the end of what is written to it."""

    def __init__(self) -> None:
        self._head, self._tail, self._lost = b"", b"", 0

    @property
    def size(self) -> int:
        """How many bytes have come."""
        return len(self._head) + len(self._tail) + self._lost

    def add(self, data: bytes) -> None:
        room = _KEEP - len(self._head)
        self._head += data[:room]
        self._tail += data[max(room, 0) :]
        self._lost += max(len(self._tail) - _KEEP, 0)
        self._tail = self._tail[-_KEEP:]

    def take(self) -> str:
        gap = f"\n... {self._lost} bytes ...\n".encode() if self._lost else b""
        data = self._head + gap + self._tail
        self._head, self._tail, self._lost = b"", b"", 0
        return data.decode("utf-8", "replace")


class Output:
    """A stream of prints, split where `MARK` stands in it."""

    def __init__(self) -> None:
        self._done: deque[str] = deque()
        self._current = Capped()
        self._held = b""

    def add(self, data: bytes) -> None:
        *finished, rest = (self._held + data).split(MARK)
        for part in finished:
            self._current.add(part)
            self._done.append(self._current.take())
        keep = _partial_mark(rest)
        self._current.add(rest[: len(rest) - keep])
        self._held = rest[len(rest) - keep :]

    def take(self) -> str:
        """What the first model that is done has printed; else what has come so far."""
        if self._done:
            return self._done.popleft()
        self._current.add(self._held)
        self._held = b""
        return self._current.take()


def _partial_mark(data: bytes) -> int:
    """How many bytes at the end may be the beginning of a mark."""
    sizes = range(min(len(MARK) - 1, len(data)), 0, -1)
    return next((size for size in sizes if data.endswith(MARK[:size])), 0)
