"""An axis: where its numbers stand in a picture, and the round ones that are written at it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from numpyro_lint.record import record

# Room beyond what is farthest out, as a share of the whole.
_MARGIN = 0.05
# What is one number alone stands in the middle of so much.
_ALONE = 1.0


@record
class Axis:
    """From `low` to `high`, with a title."""

    title: str
    low: float
    high: float

    def at(self, value: float, start: float, end: float) -> float:
        """Where a value stands, if the axis goes from one coordinate to another."""
        return start + (value - self.low) / (self.high - self.low) * (end - start)

    def ticks(self, most: int = 6) -> list[float]:
        """The multiples of a round number (1, 2 or 5 times a power of ten), so many at most."""
        step = next(
            step for step in _steps(self.high - self.low) if self._count(step) <= max(most, 1)
        )
        first = math.ceil(self.low / step)
        return [float(f"{n * step:.12g}") for n in range(first, first + self._count(step))]

    def _count(self, step: float) -> int:
        return math.floor(self.high / step) - math.ceil(self.low / step) + 1


def _steps(length: float) -> Iterable[float]:
    """Round numbers, from what is far less than a length to what is more."""
    power = math.floor(math.log10(length)) - 2
    return (unit * 10.0**exponent for exponent in range(power, power + 5) for unit in (1, 2, 5))


def axis_of(title: str, values: Iterable[float]) -> Axis:
    """The axis that holds some values, with room around them."""
    found = list(values) or [0.0]
    low, high = min(found), max(found)
    # So little that it could not be told apart counts as nothing.
    alone = high - low <= 1e-9 * max(abs(low), abs(high))
    room = max(_ALONE, abs(low) / 2) if alone else _MARGIN * (high - low)
    return Axis(title, low - room, high + room)


def written(value: float) -> str:
    """A number as it stands at an axis."""
    return f"{value:.10g}".replace("-", "\N{MINUS SIGN}") if value else "0"
