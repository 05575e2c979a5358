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


def arguments(executions: Iterable[Execution]) -> Iterator[Argument]:
    """The arguments that must lie within limits."""
    for step in executions:
        if step.site.kind != "sample":
            continue
        dist = dist_of(step)
        if dist is None or dist.family is None:
            continue
        facts = FAMILIES[dist.family]
        for name, value in dist.args:
            constraint = facts.constraint(name)
            if constraint and constraint not in _UNLIMITED:
                limits = constraint_of(constraint)
                yield Argument(step, dist, name, value, constraint, limits)


_UNLIMITED = frozenset({"real", "boolean", "circular", "corr_matrix", "corr_cholesky", "l1_ball"})


def mismatches(executions: Iterable[Execution]) -> Iterator[Mismatch]:
    """The arguments that sites or parameters take out of their limits."""
    executions = list(executions)
    sites: dict[Span, Site] = {}
    for argument in arguments(executions):
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
