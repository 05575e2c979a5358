"""Which of two forms NUTS does better in, by the figures of several seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..pilots import Verdict

# Twice as many effective draws per gradient are a difference, with every seed.
TIMES = 2.0
# r-hat from which chains have not mixed; shares of divergent draws that are some and many.
MIXED = 1.05
SOME, MANY = 0.0075, 0.02


@dataclass(frozen=True, slots=True)
class Bar:
    """What is clear after so many draws.

    A difference is one of more than `clear` times the effective draws per gradient with every seed,
    and there is none where a seed has less than `alike` times as many. A form that is in trouble is
    the worse one where the other has more than `sound` times as many.
    """

    clear: float
    alike: float = 0.0
    sound: float = math.inf


# Draws of each chain after which a verdict is looked for: the fewer they are, the larger a
# difference has to be. What is about twice after the last of them stays untold.
ROUNDS = (
    (150, Bar(6.0)),
    (300, Bar(4.0)),
    (600, Bar(3.0)),
    (1200, Bar(2.5, alike=1.6)),
    (2400, Bar(2.2, alike=1.8, sound=1 / TIMES)),
)
LAST = ROUNDS[-1][1]


@dataclass(frozen=True, slots=True)
class Figures:
    """How one seed did: `draws` and `divergences` of all its chains, the least `ess`, the largest
    `r_hat`."""

    draws: int
    divergences: int
    gradients: int
    ess: float
    r_hat: float

    @property
    def rate(self) -> float:
        """Effective draws for 1,000 gradients."""
        return 1000 * self.ess / self.gradients if self.gradients else math.nan


def verdict_of(
    own: Sequence[Figures], other: Sequence[Figures], bar: Bar = LAST
) -> tuple[Verdict, str]:
    """What changing to the other form does, and why.

    A form is in trouble where one of its seeds is; else a difference is what all seeds show.
    """
    levels = [max(map(_level, form)) for form in (own, other)]
    gains = [_gain(*each) for each in zip(own, other, strict=True)]
    told = f"{' and '.join(map(_said, gains))} times the effective draws per gradient"
    if levels[0] != levels[1]:
        helps = levels[1] < levels[0]
        least = bar.clear if min(levels) else min(bar.clear, bar.sound)
        worse, better = (own, other) if helps else (other, own)
        if all(_gain(*each) > least for each in zip(worse, better, strict=True)):
            return "helps" if helps else "hurts", f"{told}{_troubles(own, other)}"
        return "cannot tell", f"divergences and effective draws disagree: {told}"
    if max(levels):
        return "cannot tell", "both forms diverge, or their chains have not mixed"
    if min(gains) > bar.clear:
        return "helps", told
    if max(gains) < 1 / bar.clear:
        return "hurts", told
    if min(gains) < 1 / TIMES and max(gains) > TIMES:
        return "cannot tell", f"seeds disagree: {told}"
    if min(gains) < bar.alike and max(gains) > 1 / bar.alike:
        return "no difference", told
    return "cannot tell", f"too near to twice: {told}"


def _gain(own: Figures, other: Figures) -> float:
    """How many times the effective draws per gradient of a form another has."""
    # Where nothing moves at all there is no rate.
    return other.rate / own.rate if own.rate > 0 else math.inf


def _said(gain: float) -> str:
    return f"{gain:.2g}" if gain < math.inf else "many"


def _level(figures: Figures) -> int:
    """How much is wrong: 0 nothing, 1 some divergences, 2 many, or chains that have not mixed."""
    if not (figures.r_hat <= MIXED and figures.ess > 0):
        return 2
    share = figures.divergences / figures.draws
    return 2 if share > MANY else int(share > SOME)


def _troubles(own: Sequence[Figures], other: Sequence[Figures]) -> str:
    counts = [sum(each.divergences for each in form) for form in (own, other)]
    return f", {counts[1]} divergences instead of {counts[0]}" if any(counts) else ""
