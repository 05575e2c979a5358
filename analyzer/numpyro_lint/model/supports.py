"""Arguments of distributions against what they must be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpyro_lint.facts.distributions import FAMILIES, Constraint, constraint_of
from numpyro_lint.model.binding import resolve
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.intervals import Range
from numpyro_lint.model.ir import Const, Dist, Site, Value
from numpyro_lint.model.ranges import range_of
from numpyro_lint.record import record
from numpyro_lint.text import Span


@record
class Argument:
    """An argument of a site's distribution, and between which numbers it must lie."""

    step: Execution
    dist: Dist
    name: str
    value: Value
    constraint: str
    limits: Constraint

    @property
    def said(self) -> str:
        """What it must be, in words."""
        return said(self.constraint, self.limits)


@record
class Mismatch:
    """An argument that leaves its limits for sure: `sources` are the sites that take it there."""

    argument: Argument
    range: Range
    sources: tuple[Site, ...]


def said(constraint: str, limits: Constraint) -> str:
    """A constraint in words."""
    if constraint == "simplex":
        return "at least 0, with a sum of 1"
    if limits.high == float("inf"):
        return "positive" if constraint in ("positive", "open_interval[0..inf]") else "at least 0"
    return f"between {limits.low:g} and {limits.high:g}"


def dist_of(step: Execution) -> Dist | None:
    """The distribution of a site as its callers tell; None where it is not built in sight."""
    dist = step.site.dist
    if dist is not None and any(isinstance(each, str) for each in dist.depends):
        dist = resolve(dist, step.values)
    return dist if isinstance(dist, Dist) and dist.family in FAMILIES else None


@record
class Draw:
    """A sample site as it is reached, and its distribution, which is in sight."""

    step: Execution
    dist: Dist
    family: str


def draws_of(executions: Iterable[Execution]) -> Iterator[Draw]:
    """The sample sites whose distribution is built in sight."""
    for step in executions:
        dist = dist_of(step) if step.site.kind == "sample" else None
        if dist is not None and dist.family is not None:
            yield Draw(step, dist, dist.family)


UNLIMITED = frozenset(
    {"", "real", "boolean", "circular", "corr_matrix", "corr_cholesky", "l1_ball"}
)


def arguments(draws: Iterable[Draw]) -> tuple[Argument, ...]:
    """The arguments that must lie within limits."""
    return tuple(
        Argument(draw.step, draw.dist, name, value, constraint, constraint_of(constraint))
        for draw in draws
        for name, value in draw.dist.args
        if (constraint := FAMILIES[draw.family].constraint(name)) not in UNLIMITED
    )


def mismatches(known: Iterable[Argument], executions: Iterable[Execution]) -> Iterator[Mismatch]:
    """The arguments that sites or parameters take out of their limits."""
    sites: dict[Span, Site] = {}
    for argument in known:
        if isinstance(argument.value, Const) or not argument.value.depends:
            continue
        found = range_of(argument.value, argument.step.values)
        if found is None or not found.leaves:
            continue
        if found.low < argument.limits.low or found.high > argument.limits.high:
            sites = sites or {step.site.span: step.site for step in executions}
            origins = argument.step.origins(argument.value)
            sources = tuple(sites[span] for span in sorted(origins) if span in sites)
            yield Mismatch(argument, found, sources)
