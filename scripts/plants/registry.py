"""The faults that can be planted, each for the rule that is to find it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plants.host import Host, Planted

Plant = Callable[[Host], Iterator[Planted]]


@dataclass(frozen=True)
class Fault:
    """A way to break a correct program. `plant` gives every text with that one fault.

    `traced`: only a trace shows it.
    """

    rule: str
    what: str
    plant: Plant
    traced: bool = False


FAULTS: list[Fault] = []


def fault(rule: str, traced: bool = False) -> Callable[[Plant], Plant]:
    """Notes a function as one that plants faults for a rule; its docstring says which."""

    def note(plant: Plant) -> Plant:
        FAULTS.append(Fault(rule, (plant.__doc__ or "").strip().rstrip("."), plant, traced))
        return plant

    return note
