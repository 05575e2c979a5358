"""Distribution families: arguments with what they must be, and supports."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from numpyro_lint.facts import families
from numpyro_lint.facts.families import LOC_SCALE as LOC_SCALE

Bound = float | str


class Family(NamedTuple):
    """Arguments in order with the constraint of each ("" where it has none), and the support.

    `support` is a constraint's name, `dependent` where the arguments tell; `bounds` are then the
    ends, each a number or the argument that gives it. `event_dim` None: the arguments tell.
    """

    args: tuple[str, ...]
    constraints: tuple[str, ...]
    support: str
    bounds: tuple[Bound, Bound] | None = None
    discrete: bool = False
    enumerable: bool = False
    event_dim: int | None = 0

    def constraint(self, arg: str) -> str:
        """The constraint of an argument; "" where it has none that is known."""
        return self.constraints[self.args.index(arg)] if arg in self.args else ""


class Constraint(NamedTuple):
    """Between which numbers the elements lie, the number of event dims, and whether they are whole
    numbers."""

    low: float
    high: float
    event_dim: int = 0
    discrete: bool = False


def _family(row: str) -> tuple[str, Family]:
    head, _, tail = row.partition(") -> ")
    name, _, inner = head.partition("(")
    pairs = [argument.partition(": ") for argument in inner.split(", ")]
    support, *words = tail.split(", ")
    event: int | None = 0
    for word in words:
        if word.startswith("event "):
            event = int(word[6:]) if word[6:] != "?" else None
    between = ".." in support and not support.endswith("]")
    return name, Family(
        tuple(pair[0] for pair in pairs),
        tuple(pair[2] for pair in pairs),
        "dependent" if between else support,
        _bounds(support) if between else None,
        "discrete" in words,
        "enumerable" in words,
        event,
    )


def _bounds(text: str) -> tuple[Bound, Bound]:
    low, _, high = text.partition("..")
    return _bound(low), _bound(high)


def _bound(text: str) -> Bound:
    return text if text.isidentifier() and text != "inf" else float(text)


def _constraint(row: str) -> tuple[str, Constraint]:
    name, low, high, event, *words = row.split()
    return name, Constraint(float(low), float(high), int(event), bool(words))


FAMILIES: Mapping[str, Family] = dict(map(_family, families.FAMILIES.splitlines()))
CONSTRAINTS: Mapping[str, Constraint] = dict(map(_constraint, families.CONSTRAINTS.splitlines()))


def constraint_of(name: str) -> Constraint:
    """What a constraint means, by its name or as `interval[0..1]`; all numbers where unknown."""
    if name.endswith("]"):
        low, _, high = name.partition("[")[2][:-1].partition("..")
        return Constraint(float(low), float(high))
    return CONSTRAINTS.get(name, Constraint(-inf, inf))
