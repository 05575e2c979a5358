"""What one handler did to one message: the fields that differ, and who gave the value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp
import numpy as np
from numpyro.distributions import (
    Distribution,
    ExpandedDistribution,
    Independent,
    MaskedDistribution,
)
from numpyro.primitives import Messenger

from ..protocol import Change

_MISSING = object()
_FIELDS = ("type", "name", "value", "is_observed", "fn", "scale", "stop")
# These look a site up and put a value there. The value may be the very object that is there
# already, which a comparison by identity cannot see.
_GIVERS = {
    "condition": ("sample",),
    "substitute": ("sample", "param", "mutable", "plate", "deterministic"),
    "do": ("sample",),
    "replay": ("sample", "plate"),
}


@dataclass(slots=True)
class Observed:
    """What the handlers of one message did to it, innermost first."""

    value_from: str | None
    changes: list[tuple[int, Change]] = field(default_factory=list)

    def copy(self) -> Observed:
        return Observed(self.value_from, list(self.changes))

    def without_block(self) -> Observed:
        """The same without what hid it: a control flow hides its body, then sends it again."""
        kept = [(handler, change) for handler, change in self.changes if change.field != "stop"]
        return Observed(self.value_from, kept)

    @property
    def history(self) -> tuple[Change, ...]:
        return tuple(dict.fromkeys(change for _, change in self.changes))

    @property
    def handlers(self) -> tuple[str, ...]:
        """The kinds of the handlers that changed something, outermost first, each handler once."""
        kinds = {handler: change.handler for handler, change in self.changes}
        return tuple(reversed(kinds.values()))


def kind_of(handler: Any) -> str:
    """The NumPyro handler that an object is, or derives from: `condition`, `plate`, ..."""
    for base in type(handler).__mro__:
        if base.__module__.split(".")[0] == "numpyro" and base is not Messenger:
            return base.__name__
    return type(handler).__name__


def unwrap(fn: Any) -> tuple[Any, bool]:
    """The distribution below `.expand`, `.to_event` and `.mask`, and whether a mask was on it."""
    masked = False
    while isinstance(fn, (ExpandedDistribution, Independent, MaskedDistribution)):
        masked = masked or isinstance(fn, MaskedDistribution)
        fn = fn.base_dist
    return fn, masked


def first_value_from(msg: Any) -> str | None:
    """Where the value of a message comes from as long as no handler touches it."""
    if msg["type"] == "sample":
        return "obs" if msg.get("value") is not None else "prior"
    return "init" if msg["type"] == "param" else None


def snapshot(msg: Any) -> dict[str, Any]:
    state = {name: msg.get(name, _MISSING) for name in _FIELDS}
    state["infer"] = dict(msg.get("infer") or {})
    return state


def _differs(name: str, before: Any, after: Any) -> bool:
    if before is after:
        return False
    return name not in ("type", "name", "is_observed", "stop") or bool(before != after)


def _infer_differs(before: dict[str, Any], after: dict[str, Any]) -> bool:
    keys = (before.keys() | after.keys()) - {"_scan_current_index"}
    return any(before.get(key, _MISSING) is not after.get(key, _MISSING) for key in keys)


def describe(value: Any) -> str:
    """A value in a few characters, without touching what a tracer holds."""
    if value is None or value is _MISSING:
        return "none"
    if isinstance(value, (str, bool, int, float)):
        return str(value)
    if isinstance(value, Distribution):
        base, masked = unwrap(value)
        return type(base).__name__ + (" masked" if masked else "")
    try:
        return f"{jnp.result_type(value).name}{list(np.shape(value))}"
    except (TypeError, ValueError):
        return type(value).__name__


def _gives(handler: Any, kind: str, before: dict[str, Any], msg: Any) -> bool:
    if before["type"] not in _GIVERS.get(kind, ()) or msg.get("value") is None:
        return False
    if kind == "replay" and before["is_observed"] is True:
        return False
    if kind in ("condition", "substitute") and msg.get("_control_flow_done"):
        return False
    data = handler.trace if kind == "replay" else getattr(handler, "data", None)
    if not isinstance(data, dict) or before["name"] not in data:
        return False
    given = data[before["name"]]
    return (given.get("value") if kind == "replay" else given) is msg["value"]


def _fn_differs(kind: str, before: dict[str, Any], msg: Any) -> bool:
    # A plate expands every distribution; that is told by the plates of the site.
    return kind != "plate" and _differs("fn", before["fn"], msg.get("fn", _MISSING))


def _value_source(kind: str, before: dict[str, Any], msg: Any, value_changed: bool) -> str | None:
    """The new source of the value, or None where the handler left it alone."""
    if kind == "lift":
        # A param that has a value already keeps it, but for one that is lifted a second time.
        lifted = before["type"] == "param" and msg["type"] == "sample"
        return "lift" if lifted and (msg.get("stop") or msg.get("value") is None) else None
    if kind == "uncondition":
        return "prior" if before["is_observed"] is True and not msg["is_observed"] else None
    if not value_changed or kind in ("plate", "collapse", "block", "seed", "trace"):
        return None
    if kind in _GIVERS or kind == "reparam":
        return kind
    return "prior" if msg.get("value") is None else "substitute"


def compare(
    seen: Observed, handler: Any, before: dict[str, Any], msg: Any, processing: bool
) -> bool:
    """Note in `seen` what `handler` changed of `msg` since the snapshot `before`: anything?

    `processing`: on the message's way outwards, where values are given.
    """
    kind = kind_of(handler)
    gives = processing and _gives(handler, kind, before, msg)
    changes: list[Change] = []
    for name in _FIELDS:
        after = msg.get(name, _MISSING)
        if name == "fn":
            differs = _fn_differs(kind, before, msg)
        else:
            differs = _differs(name, before[name], after) or (name == "value" and gives)
        if differs:
            changes.append(Change(kind, name, describe(before[name]), describe(after)))
    if _infer_differs(before["infer"], msg.get("infer") or {}) and msg["type"] == "sample":
        changes.append(Change(kind, "infer", "", ", ".join(sorted(map(str, msg["infer"])))))
    if not changes:
        return False
    source = _value_source(kind, before, msg, any(change.field == "value" for change in changes))
    seen.value_from = source or seen.value_from
    seen.changes += [(id(handler), change) for change in changes]
    return True
