"""Arguments of traced distributions that are the values of sites, against what they must be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf

from numpyro_lint.facts.distributions import FAMILIES, constraint_of
from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.densities import scored
from numpyro_lint.model.supports import UNLIMITED, said
from numpyro_lint.record import record

# The ends of what values with these supports may be.
_ENDS = {
    "real": (-inf, inf),
    "real_vector": (-inf, inf),
    "real_matrix": (-inf, inf),
    "positive": (0.0, inf),
    "softplus_positive": (0.0, inf),
    "nonnegative": (0.0, inf),
}


@record
class Passed:
    """An argument that is the value of a site, which may leave what it must be (`said`)."""

    to: Joined
    argument: str
    source: Joined
    said: str
    below: bool


def passed(traces: Iterable[Attached]) -> Iterator[Passed]:
    """The arguments that take the value of a latent site or param out of their limits.

    Nothing is said where a factor has a part in the source: it may keep the values in.
    """
    for trace in traces:
        sites = {joined.traced.name: joined for joined in trace.sites}
        weighed = {
            name
            for joined in trace.sites
            if joined.traced.type == "factor"
            for names in (joined.traced.depends or {}).values()
            for name in names
        }
        for joined in scored((trace,)):
            for argument, name in joined.traced.passes.items():
                source = sites.get(name)
                if source is not None and name not in weighed:
                    yield from _passed(joined, argument, source)


def _passed(to: Joined, argument: str, source: Joined) -> Iterator[Passed]:
    family = FAMILIES.get(to.traced.distribution or "")
    ends = _ENDS.get(source.traced.support or "")
    given = source.traced.value_from in ("prior", "init") and not source.traced.observed
    if family is None or ends is None or not given or source.traced.masked or to.traced.masked:
        return
    constraint = family.constraint(argument)
    if constraint in UNLIMITED:
        return
    limits = constraint_of(constraint)
    if ends[0] < limits.low or ends[1] > limits.high:
        yield Passed(to, argument, source, said(constraint, limits), ends[0] < limits.low)
