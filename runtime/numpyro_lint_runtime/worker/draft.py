"""A message on its way, and what is told of it in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..protocol import Position, TracedSite
from . import depends
from .observe import Observed


@dataclass(slots=True)
class Draft:
    """A message from its start; once finished, its facts and what its arguments hold."""

    id: int
    type: str
    name_as_written: str
    position: Position | None
    seen: Observed
    phase: str = "process"
    handler: Any = None
    # The messages in the body of a control flow that this one stands for.
    inner: tuple[Draft, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    observed: Any = None
    sinks: dict[str, list[Any]] | None = None
    depends: dict[str, frozenset[int]] | None = None
    passes: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.facts.get("name", ""))

    @property
    def ids(self) -> tuple[int, ...]:
        return (self.id, *(id for draft in self.inner for id in draft.ids))


def site_of(draft: Draft, names: dict[int, str]) -> TracedSite:
    known = None
    if draft.depends is not None:
        known = {
            parameter: tuple(dict.fromkeys(names[id] for id in sorted(ids) if id in names))
            for parameter, ids in draft.depends.items()
        }
    beside = None if known is None else known.pop(depends.BESIDE, ())
    passes = {name: names[id] for name, id in draft.passes.items() if id in names}
    passes.pop(depends.BESIDE, None)
    return TracedSite(
        name_as_written=draft.name_as_written,
        position=draft.position,
        value_from=draft.seen.value_from,
        handlers=draft.seen.handlers,
        history=draft.seen.history,
        depends=known,
        depends_beside=beside,
        passes=passes,
        **draft.own,
        **draft.facts,
    )
