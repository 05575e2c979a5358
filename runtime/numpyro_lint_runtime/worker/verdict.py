"""Which of two forms NUTS does better in, by the figures of several seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan

from ..pilots import Verdict

# How many times as many effective draws per gradient are a difference, with every seed.
TIMES = 1.5
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
    """What changing to the other form does, and why: clear only where all seeds say the same."""
    said = [_said(*each, times) for each in zip(own, other, strict=True)]
    ratios = [b.rate / a.rate if a.rate > 0 else nan for a, b in zip(own, other, strict=True)]
    times_told = " and ".join(f"{ratio:.2g}" for ratio in ratios)
    told = f"{times_told} times the effective draws per gradient"
    if set(said) == {"trouble"}:
        return "cannot tell", "both forms diverge, or their chains have not mixed"
    if len(set(said)) > 1 or said[0] == "unclear":
        return "cannot tell", f"seeds disagree, or divergences and effective draws do: {told}"
    return _VERDICTS[said[0]], f"{told}{_troubles(own, other)}"


_VERDICTS: dict[str, Verdict] = {"helps": "helps", "hurts": "hurts", "same": "no difference"}


def _said(own: Figures, other: Figures, times: float) -> str:
    """What one seed says."""
    ratio = other.rate / own.rate if own.rate > 0 else nan
    a, b = _level(own), _level(other)
    if a != b:
        better, worse = ("helps", a) if b < a else ("hurts", b)
        gain = ratio if b < a else 1 / ratio if ratio > 0 else nan
        needed = 1 / TIMES if min(a, b) == 0 else times
        # Where nothing moves at all there is no ratio, and none is needed.
        return better if gain > needed or (worse == 2 and not isfinite(gain)) else "unclear"
    if a:
        return "trouble"
    if ratio > times:
        return "helps"
    return "hurts" if ratio < 1 / times else "same"


def _level(figures: Figures) -> int:
    """How much is wrong: 0 nothing, 1 some divergences, 2 many, or chains that have not mixed."""
    if not (figures.r_hat <= MIXED and figures.ess > 0):
        return 2
    share = figures.divergences / figures.draws
    return 2 if share > MANY else int(share > SOME)


def _troubles(own: Sequence[Figures], other: Sequence[Figures]) -> str:
    counts = [sum(each.divergences for each in form) for form in (own, other)]
    return f", {counts[1]} divergences instead of {counts[0]}" if any(counts) else ""
