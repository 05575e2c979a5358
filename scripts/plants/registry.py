"""The faults that can be planted, each for the rule that is to find it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plants.host import Host, Planted

Plant = Callable[[Host], Iterator[Planted]]


@dataclass(frozen=True)
class Fault:
    """A way to break a correct program. `plant` gives every text with that one fault.

    `traced`: only a trace shows it; `valued`: only concrete draws do.
    """

    rule: str
    what: str
    plant: Plant
    traced: bool = False
    valued: bool = False


FAULTS: list[Fault] = []


def fault(rule: str, traced: bool = False, valued: bool = False) -> Callable[[Plant], Plant]:
    """Notes a function as one that plants faults for a rule; its docstring says which."""

    def note(plant: Plant) -> Plant:
        what = (plant.__doc__ or "").strip().rstrip(".")
        FAULTS.append(Fault(rule, what, plant, traced or valued, valued))
        return plant

    return note
