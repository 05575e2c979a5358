"""The latents of a traced model of which to ask whether the data know them only together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.facts.distributions import LOC_SCALE
from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.hierarchy import SCALES, has_data

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import TracedSite
    from numpyro_lint_runtime.values import Hierarchy, Levels, Ridge

# From so many levels on a model is a matrix of them, and there is a group to tell of.
_MOST = 40


def levels(trace: Attached) -> Levels | None:
    """The levels of a trace, and the sites that come from latents; None where there are no two."""
    from numpyro_lint_runtime.values import Levels

    if not has_data(trace):
        return None
    latent = [j.traced for j in trace.sites if _is_latent(j.traced)]
    names = tuple(traced.name for traced in latent if _is_level(traced))
    return Levels(names, tuple(_within(latent))) if 2 <= len(names) <= _MOST else None


def ridges_of(trace: Attached | None) -> Iterator[tuple[list[Joined], Ridge]]:
    """The latents that are known only together, with their places, as far as that was found."""
    if trace is None or trace.values is None:
        return
    sites = {j.traced.name: j for j in trace.sites if j.traced.type == "sample"}
    for ridge in trace.values.ridges:
        if all(name in sites for name in ridge.names):
            yield [sites[name] for name in ridge.names], ridge


def is_group(traced: TracedSite) -> bool:
    """Whether a site has more elements than one."""
    return any(length != 1 for length in traced.shape or ())


def as_evidence(ridge: Ridge) -> dict[str, object]:
    """The numbers behind a finding, for programs."""
    return {
        "sites": list(ridge.names),
        "correlation": round(ridge.correlation, 6),
        "cost": float(f"{ridge.cost:.3g}"),
        "alone": {name: float(f"{value:.4g}") for name, value in ridge.alone.items()},
        **({"together": float(f"{ridge.together:.4g}")} if ridge.signs else {}),
    }


def _is_latent(traced: TracedSite) -> bool:
    return traced.type == "sample" and not traced.observed and not traced.hidden


def _is_level(traced: TracedSite) -> bool:
    """Whether a latent is on the real line, and has a prior that is computed from no other."""
    alone = traced.depends is not None and not any(traced.depends.values())
    return alone and traced.distribution in LOC_SCALE and not traced.scanned and not traced.masked


def _within(latent: list[TracedSite]) -> Iterator[Hierarchy]:
    """The sites computed from latents that can be made of standard ones."""
    from numpyro_lint_runtime.values import Hierarchy

    names = {traced.name for traced in latent}
    for traced in latent:
        family = traced.distribution or ""
        if family not in SCALES or traced.masked or traced.scanned:
            continue
        sources = {name for each in (traced.depends or {}).values() for name in each}
        if sources & names:
            yield Hierarchy(traced.name, family, (), LOC_SCALE.get(family, ()))
