"""What the second stage tells: models at concrete draws, and what their data say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .failures import Failure, Status


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A site whose scale is itself drawn. `scales` are the latents that it was computed from.

    `shape_params` are what `LocScaleReparam` must be told of its `family`. `standard`: a site
    without parents, which may be scaled by hand; then the scales are still to be found. `locs` are
    the latents that are added to it once it is scaled, where its elements are scaled each alone, or
    mixed before by `mix`, the Cholesky factor of their correlations; in `softplus` are those of the
    scales of which the softplus scales. `columns` are single numbers that are added to one of its
    last dim each. `turned`: all that is said of its last dim is so of the first of its two.
    `summed`: its elements are then added up one after another. `scanned`: it is drawn in a scan.
    `staged`: what is made of it is to be read off the staged program.
    """

    name: str
    family: str = "Normal"
    scales: tuple[str, ...] = ()
    shape_params: tuple[str, ...] = ()
    standard: bool = False
    locs: tuple[str, ...] | None = None
    mix: str = ""
    softplus: tuple[str, ...] = ()
    columns: tuple[tuple[str, int], ...] = ()
    turned: bool = False
    summed: bool = False
    scanned: bool = False
    staged: bool = False


@dataclass(frozen=True, slots=True)
class Hardness:
    """How hard NUTS has it with a form of a site.

    `steps` is about how many leapfrog steps a draw takes: how wide the posterior is in its longest
    direction against how sharp it is in its sharpest. `uneven` is how many times as sharp as in the
    median it is in the sharpest hundredth of the posterior.
    """

    steps: float
    uneven: float


@dataclass(frozen=True, slots=True)
class SiteEvidence:
    """How much the data say of the elements of a site: `kappa`, 0 nothing, and 1 all.

    `kappa` is the median of the elements, `low` and `high` are their tenth and ninetieth
    percentile, all on average over the posterior of the scales; `least` and `most` what the median
    is at the tenth and the ninetieth percentile of that posterior. `medians` are the scales' own,
    and `site` is what was asked, with all that was found of how it is scaled. `centred` and
    `decentred` are how hard both forms are, where that is found, and else `unmade` says why not.
    """

    site: Hierarchy
    elements: int
    kappa: float
    low: float
    high: float
    least: float
    most: float
    medians: dict[str, float] = field(default_factory=dict)
    centred: Hardness | None = None
    decentred: Hardness | None = None
    unmade: str = ""


@dataclass(frozen=True, slots=True)
class Levels:
    """Latents on the real line that no other latent is behind: `names`. Are some of them known only
    together? `within` are the sites that are computed from latents."""

    names: tuple[str, ...]
    within: tuple[Hierarchy, ...] = ()


@dataclass(frozen=True, slots=True)
class Ridge:
    """Latents that the data know together, and hardly each alone; a group counts by its mean.

    `correlation` is the greatest in size of any two in the posterior, and `cost` how many times the
    gradients a draw takes for it. `alone` are the posterior standard deviations of each. `signs`
    are those of the sum by which alone the density of the data knows them, where that is so, and
    `together` is its standard deviation.
    """

    names: tuple[str, ...]
    correlation: float
    cost: float
    alone: dict[str, float]
    signs: tuple[int, ...] = ()
    together: float = 0.0


@dataclass(frozen=True, slots=True)
class SiteValues:
    """What a site came to at the points where its model was looked at, by its outermost name.

    `value` is that of the first prior draw: a number, or the least and the greatest of an array.
    `prior` and `start` count the prior draws, and the points where NUTS may begin, at which the log
    density is not finite; `slope` the latter at which the gradient towards a latent is not, though
    all log densities are. `density`, `arguments` and `drawn` tell of the first such point (one of
    `start`, if there is any): the log density, the arguments of the distribution, and the values of
    the latents. `outside` counts the prior draws at which an argument is a number that the
    distribution does not allow, and the log density is nan for it; `example` has the first.
    `allowed` counts all points at which its distribution allows the value.
    """

    name: str
    value: float | int | bool | str | None = None
    prior: int = 0
    start: int = 0
    slope: int = 0
    density: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)
    outside: dict[str, int] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)
    allowed: int = 0


@dataclass(frozen=True, slots=True)
class Unstable:
    """A site that one run of a model has otherwise than another: `then` and `now` say how.

    `by` says what differed between the runs: the `seed` of the draws, or that of Python's and
    numpy's own `random`.
    """

    name: str
    then: str
    now: str
    by: Literal["seed", "random"]


@dataclass(frozen=True, slots=True)
class ValueResult:
    """What the second stage found of one model.

    `draws` prior draws were looked at, and `starts` points where NUTS may begin, of which `valid`
    had a finite log density and gradient. `raised` is what NumPyro itself says where none had.
    `mode` is `concrete` where the model could not be compiled: then there is one draw, and no
    gradient. `evidence` is of the hierarchies that were asked for; `unsettled` is why there is
    none. `ridges` are those among the levels that were asked for; `lost` says what could not be
    looked for.
    """

    id: str
    status: Status
    mode: Literal["compiled", "concrete"] = "compiled"
    seconds: float = 0.0
    seed: int = 0
    draws: int = 0
    starts: int = 0
    valid: int = 0
    raised: str = ""
    discrete: tuple[str, ...] = ()
    sites: tuple[SiteValues, ...] = ()
    unstable: tuple[Unstable, ...] = ()
    evidence: tuple[SiteEvidence, ...] = ()
    unsettled: str = ""
    ridges: tuple[Ridge, ...] = ()
    lost: tuple[str, ...] = ()
    failure: Failure | None = None
    output: str = ""
