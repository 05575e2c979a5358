"""What the third stage is asked and tells: short runs of NUTS in both forms of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .failures import Failure, Status
from .values import Hierarchy

# What becomes of sampling where the form of a site is changed.
Verdict = Literal["helps", "hurts", "no difference", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Pilot:
    """Sites whose form is to be changed, all together: decentred, or centred if `decentred`.

    `others` are sites that are decentred in both forms, so that these alone differ.
    """

    sites: tuple[Hierarchy, ...]
    decentred: bool = False
    others: tuple[Hierarchy, ...] = ()


@dataclass(frozen=True, slots=True)
class Scatter:
    """Draws of an element of a site, each with that of a latent that scales it: for a picture.

    `site` and `scale` are as one would write them (`theta[3]`); `is_log`: there are logarithms of
    the scale. Both forms have the same two, in the coordinates of the centred one. Draws that
    diverged are in `divergent` alone; both are thinned.
    """

    site: str
    scale: str
    is_log: bool = True
    draws: tuple[tuple[float, float], ...] = ()
    divergent: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FormResult:
    """How NUTS did in one form of a model.

    `draws` and `divergences` are those of all `chains` after the warm-up, `gradients` the leapfrog
    steps of these draws. `ess` is the least effective number of draws of the quantities that were
    compared, and `worst` its quantity; `r_hat` is the largest. `rates` are the effective draws for
    1,000 gradients by each seed alone. None: not to be told.
    """

    decentred: bool
    chains: int = 0
    draws: int = 0
    divergences: int = 0
    gradients: int = 0
    ess: float | None = None
    worst: str = ""
    r_hat: float | None = None
    rates: tuple[float, ...] = ()
    seconds: float = 0.0
    scatter: Scatter | None = None

    @property
    def rate(self) -> float | None:
        """Effective draws for 1,000 gradients."""
        return None if self.ess is None or not self.gradients else 1000 * self.ess / self.gradients


@dataclass(frozen=True, slots=True)
class PilotResult:
    """What the runs of one request say: `forms` are the model's own and the changed one.

    `reason` is in words what the verdict rests on, or why there is none.
    """

    id: str
    status: Status
    seconds: float = 0.0
    seed: int = 0
    verdict: Verdict = "cannot tell"
    reason: str = ""
    forms: tuple[FormResult, ...] = ()
    failure: Failure | None = None
    output: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a request is: `done` steps of `total`, and at what."""

    id: str
    done: int
    total: int
    text: str = ""
