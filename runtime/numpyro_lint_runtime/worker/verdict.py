"""Which of two forms NUTS does better in, by the figures of several seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..pilots import Verdict

# Twice as many effective draws per gradient are a difference.
TIMES = 2.0
# A seed may have so many times less than all of them together.
APART = 1.5
# r-hat up to which chains have mixed, after the last of the draws and before, and from which they
# have not.
MIXED, SO_FAR = 1.03, 1.05
# Shares of divergent draws up to which they are none, and from which they are trouble. Other chains
# of a form have easily half or twice as many.
FEW, MANY = 0.0025, 0.01


@dataclass(frozen=True, slots=True)
class Bar:
    """What is clear after so many draws.

    A difference is one of more than `clear` times the effective draws per gradient, the seeds taken
    together, which no seed is far from, and there is none where it is less than `alike` times. A
    form that is in trouble is the worse one where the other has more than `sound` times as many.
    Over an r-hat of `mixed` chains may not have mixed.
    """

    clear: float
    alike: float = 1.0
    sound: float = math.inf
    mixed: float = SO_FAR


# Draws of each chain after which a verdict is looked for: the fewer they are, the larger a
# difference has to be. What is about twice after the last of them stays untold: whether it is more
# or less than twice would be another matter with other seeds.
ROUNDS = (
    (150, Bar(7.0)),
    (300, Bar(5.0)),
    (600, Bar(3.5)),
    (1200, Bar(2.75, alike=1.6)),
    (2400, Bar(2.4, alike=1.8, sound=1 / TIMES, mixed=MIXED)),
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

    A form is in trouble where one of its seeds is; else a difference is what all seeds show. Where
    it may be in trouble or not, there is a verdict only if it is the same either way.
    """
    gains = [_gain(*each) for each in zip(own, other, strict=True)]
    ways = [(one, two) for one in _troubled(own, bar) for two in _troubled(other, bar)]
    (verdict, why), *others = (_verdict(*each, gains, bar) for each in ways)
    if any(each != verdict for each, _ in others):
        verdict, why = "cannot tell", "few divergences or an r-hat, which may be chance, decide"
    times = f"{' and '.join(map(_said, gains))} times the effective draws per gradient"
    return verdict, f"{why and why + ': '}{times}{_divergences(own, other)}"


def _verdict(own: bool, other: bool, gains: Sequence[float], bar: Bar) -> tuple[Verdict, str]:
    """The verdict where these forms are in trouble or not, and why there is none."""
    more, less = min(gains), 1 / max(gains) if max(gains) > 0 else math.inf
    if own and other:
        return "cannot tell", "both forms diverge, or their chains have not mixed"
    if own or other:
        if (more if own else less) > min(bar.clear, bar.sound):
            return "helps" if own else "hurts", ""
        return "cannot tell", "divergences and effective draws disagree"
    together = _together(gains)
    if together > bar.clear and more > bar.clear / APART:
        return "helps", ""
    if together < 1 / bar.clear and less > bar.clear / APART:
        return "hurts", ""
    if more < 1 / TIMES and less < 1 / TIMES:
        return "cannot tell", "seeds disagree"
    if 1 / bar.alike < together < bar.alike:
        return "no difference", ""
    return "cannot tell", "too near to twice"


def _together(gains: Sequence[float]) -> float:
    """What the seeds have together: the mean of the logarithms."""
    return math.prod(gains) ** (1 / len(gains))


def _gain(own: Figures, other: Figures) -> float:
    """How many times the effective draws per gradient of a form another has."""
    # Where nothing moves at all there is no rate.
    return other.rate / own.rate if own.rate > 0 else math.inf


def _said(gain: float) -> str:
    return f"{gain:.2g}" if gain < math.inf else "many"


def _troubled(form: Sequence[Figures], bar: Bar) -> tuple[bool, ...]:
    """Whether a form is in trouble: what may be. One seed alone may be a bad one."""
    some = [_is_in_trouble(each, FEW, bar.mixed) for each in form]
    many = [_is_in_trouble(each, MANY, SO_FAR) for each in form]
    return tuple(sorted({any(many) and all(some), any(some)}))


def _is_in_trouble(figures: Figures, most: float, mixed: float) -> bool:
    moves = figures.r_hat <= mixed and figures.ess > 0
    return not moves or figures.divergences > most * figures.draws


def _divergences(own: Sequence[Figures], other: Sequence[Figures]) -> str:
    counts = [sum(each.divergences for each in form) for form in (own, other)]
    return f", {counts[1]} divergences instead of {counts[0]}" if any(counts) else ""
