"""The sites of a traced model whose scale is itself drawn, or that may be scaled by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.facts.distributions import LOC_SCALE
from numpyro_lint.model.attach import Attached

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import TracedSite
    from numpyro_lint_runtime.values import Hierarchy

# The argument of each family that is its scale. NumPyro has no reparam for the last four.
SCALES = {
    **dict.fromkeys(LOC_SCALE, "scale"),
    "GaussianRandomWalk": "scale",
    "LogNormal": "scale",
    "MultivariateNormal": "scale_tril",
    "ZeroSumNormal": "scale",
}
# The densities of these have a kink, around which nothing can be integrated by curvature; that of a
# Laplace has one as well, and is taken for a normal.
_KINKED = frozenset({"AsymmetricLaplace", "AsymmetricLaplaceQuantile"})
_SCALED_BY_HAND = frozenset({*LOC_SCALE, "ZeroSumNormal"}) - _KINKED
# A site of fewer elements has no groups.
FEWEST = 3


def hierarchies(trace: Attached) -> list[Hierarchy]:
    """The sites of a trace of which to ask how much the data say of their elements, if there are
    any data."""
    latent = [j.traced for j in trace.sites if _is_latent(j.traced)]
    found = [*_drawn(latent), *_standard(latent)]
    return found if any(each.scales for each in found) or _has_scale(latent) else []


def has_data(trace: Attached) -> bool:
    """Whether something is observed, or a likelihood is written as a factor.

    A factor beside a site that could be observed, and is not, may be a penalty in a prior.
    """
    sampled = [j for j in trace.sites if j.traced.type == "sample"]
    if any(j.traced.observed for j in sampled):
        return True
    left_out = any(j.site is not None and j.site.obs is not None for j in sampled)
    return not left_out and any(j.traced.type == "factor" for j in trace.sites)


def _is_latent(traced: TracedSite) -> bool:
    return traced.type == "sample" and not traced.observed and not traced.hidden


def _drawn(latent: list[TracedSite]) -> Iterator[Hierarchy]:
    """The sites of a location-scale family whose scale was computed from other latents."""
    from numpyro_lint_runtime.values import Hierarchy

    names = {traced.name for traced in latent}
    for traced in latent:
        family = traced.distribution or ""
        if family not in SCALES or traced.masked or family in _KINKED:
            continue
        found = (traced.depends or {}).get(SCALES[family], ())
        if own := tuple(name for name in found if name in names):
            shape_params = LOC_SCALE.get(family, ())
            yield Hierarchy(traced.name, family, own, shape_params, scanned=traced.scanned)


def _standard(latent: list[TracedSite]) -> Iterator[Hierarchy]:
    """The sites without parents of a family that may be scaled, perhaps by hand."""
    from numpyro_lint_runtime.values import Hierarchy

    for traced in latent:
        alone = traced.depends is not None and not any(traced.depends.values())
        family = traced.distribution or ""
        smooth = family in _SCALED_BY_HAND
        if smooth and alone and _elements(traced) >= FEWEST:
            yield Hierarchy(traced.name, family, standard=True, scanned=traced.scanned)


def _has_scale(latent: list[TracedSite]) -> bool:
    """Whether some latent is smaller than another, as what scales a site by hand is."""
    return len({_elements(traced) for traced in latent}) > 1


def _elements(traced: TracedSite) -> int:
    size = 1
    for length in traced.shape or ():
        size *= length
    return size
