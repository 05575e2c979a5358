"""Which of two forms NUTS does better in, by the figures of several seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan

from ..pilots import Verdict

# How many times as many effective draws per gradient are a difference, with every seed.
TIMES = 2.0
# r-hat from which chains have not mixed; shares of divergent draws that are some and many.
MIXED = 1.05
SOME, MANY = 0.005, 0.02


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
        return 1000 * self.ess / self.gradients if self.gradients else nan


def verdict_of(
    own: Sequence[Figures], other: Sequence[Figures], times: float = TIMES
) -> tuple[Verdict, str]:
    """What changing to the other form does, and why.

    A form is in trouble where one of its seeds is; else a difference is what all seeds show. An
    early look asks for more than TIMES: it tells large differences alone.
    """
    levels = [max(map(_level, form)) for form in (own, other)]
    gains = [_gain(*each) for each in zip(own, other, strict=True)]
    told = f"{' and '.join(f'{gain:.2g}' for gain in gains)} times the effective draws per gradient"
    if levels[0] != levels[1]:
        helps = levels[1] < levels[0]
        least = times if min(levels) or times > TIMES else 1 / TIMES
        worse, better = (own, other) if helps else (other, own)
        if all(_gain(*each) > least for each in zip(worse, better, strict=True)):
            return "helps" if helps else "hurts", f"{told}{_troubles(own, other)}"
        return "cannot tell", f"divergences and effective draws disagree: {told}"
    if max(levels):
        return "cannot tell", "both forms diverge, or their chains have not mixed"
    if min(gains) > times or max(gains) < 1 / times:
        return "helps" if min(gains) > times else "hurts", told
    if min(gains) < 1 / TIMES and max(gains) > TIMES:
        return "cannot tell", f"seeds disagree: {told}"
    return "no difference" if times <= TIMES else "cannot tell", told


def _gain(own: Figures, other: Figures) -> float:
    """How many times the effective draws per gradient of a form another has."""
    # Where nothing moves at all there is no rate.
    return other.rate / own.rate if own.rate > 0 else inf


def _level(figures: Figures) -> int:
    """How much is wrong: 0 nothing, 1 some divergences, 2 many, or chains that have not mixed."""
    if not (figures.r_hat <= MIXED and figures.ess > 0):
        return 2
    share = figures.divergences / figures.draws
    return 2 if share > MANY else int(share > SOME)


def _troubles(own: Sequence[Figures], other: Sequence[Figures]) -> str:
    counts = [sum(each.divergences for each in form) for form in (own, other)]
    return f", {counts[1]} divergences instead of {counts[0]}" if any(counts) else ""
