"""Choices: all that is made up draws from one of these, at random or as hypothesis has it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Pick(Protocol):
    """Chooses one of several things; the first is the simplest."""

    def __call__(self, options: Sequence[T], /) -> T: ...


def at_random(seed: str) -> Pick:
    """Choices that are the same for the same seed."""
    return random.Random(seed).choice


def chance(pick: Pick, percent: int) -> bool:
    return pick(range(100)) >= 100 - percent
