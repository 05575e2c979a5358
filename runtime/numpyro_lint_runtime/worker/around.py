"""The handlers that stand around a whole run: what each one met, and whether it did anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..protocol import Around
from .observe import kind_of

# Where each handler keeps what it is keyed on.
_KEYED = {
    "condition": "data",
    "substitute": "data",
    "do": "data",
    "lift": "prior",
    "reparam": "config",
    "replay": "trace",
}
_MOST_KEYS = 200


@dataclass(slots=True)
class _Met:
    """One handler. It is held until the run has ended, so that no other takes its identity."""

    handler: Any
    names: dict[tuple[str, str], None] = field(default_factory=dict)
    changed: int = 0


class Company:
    """Notes what the handlers of a run meet, by how deep they stand in the stack."""

    def __init__(self) -> None:
        self._by_depth: dict[int, dict[int, _Met]] = {}
        self._settled: tuple[Around, ...] | None = None

    def note(self, handler: Any, depth: int, before: dict[str, Any], changed: bool) -> None:
        """A handler has processed a message that was as in `before`."""
        met = self._by_depth.setdefault(depth, {}).setdefault(id(handler), _Met(handler))
        met.names[str(before["name"]), str(before["type"])] = None
        met.changed += changed

    def settle(self) -> None:
        """Keep what is known as plain data, and let go of the handlers."""
        if self._settled is None:
            self._settled = tuple(self._around())
            self._by_depth = {}

    @property
    def around(self) -> tuple[Around, ...]:
        """The handlers that stood around all that was sent, outermost first."""
        self.settle()
        return self._settled or ()

    def _around(self) -> Iterator[Around]:
        for depth in range(len(self._by_depth)):
            met = list(self._by_depth.get(depth, {}).values())
            if len(met) != 1:
                return  # from here on they stand inside the model
            kind = kind_of(met[0].handler)
            keys = _keys(met[0].handler, kind)
            yield Around(kind, keys, tuple(met[0].names), met[0].changed)


def _keys(handler: Any, kind: str) -> tuple[str, ...] | None:
    held = getattr(handler, _KEYED[kind], None) if kind in _KEYED else None
    return tuple(map(str, held))[:_MOST_KEYS] if isinstance(held, dict) else None
