"""Which form of a hierarchical site its data call for.

`kappa` is how much the data say of an element, 0 nothing and 1 all (see the worker's evidence.py).
Measured with long runs of NUTS (tests/geometry): where it is below 0.4 in the median element the
decentred form wins; up to 0.5 it wins or does as well; from there on the centred one does or
neither, but for elements that differ widely: by 4 to 200 times the effective draws per gradient
from 0.79 on. The steps of a walk, one by one, are less known than its level is: there the decentred
form wins to 0.1, and either may between 0.17 and 0.6. Nobody is warned of what is not clear.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.geometry import Funnel
from numpyro_lint.model.hierarchy import hierarchies

if TYPE_CHECKING:
    from numpyro_lint_runtime.values import Hierarchy, SiteEvidence

Form = Literal["decentred", "either", "centred"]
# Below the first the decentred form is called for, from the second on the centred one will do.
DECENTRED, CENTRED = 0.4, 0.5
_OF_A_WALK = 0.15, 0.6
# From here on the decentred one does harm.
NEEDLESS = 0.8
# Some elements of which the data say this much are best left centred.
ALL = 0.95


def form_of(found: SiteEvidence) -> Form:
    """The form that the median element calls for; `either` where that is not clear."""
    site = found.site
    is_walk = site.family == "GaussianRandomWalk" or site.scanned or site.summed
    decentred, centred = _OF_A_WALK if is_walk else (DECENTRED, CENTRED)
    if found.kappa < decentred and found.high < ALL:
        return "decentred"
    return "centred" if found.kappa >= centred else "either"


def is_between(found: SiteEvidence) -> bool:
    """Whether both forms lose to one half way between them."""
    return form_of(found) == "either" and found.kappa >= DECENTRED and found.high < ALL


def is_needless(found: SiteEvidence) -> bool:
    """Whether it does harm to decentre a site."""
    return found.kappa >= NEEDLESS


def evidence_at(trace: Attached | None, funnel: Funnel) -> SiteEvidence | None:
    """What the data of a traced model say of a funnel-prone site, where that was found."""
    here = {j.traced.name: each for j, each in evidence_of(trace) if j.span == funnel.site.span}
    if funnel.name in here:
        return here[funnel.name]
    # A name of which the text knows a part is that of the only site there.
    names = [name for name in here if "*" in funnel.name or name.endswith(funnel.name)]
    return here[names[0]] if len(here) == 1 and names else None


def evidence_of(trace: Attached | None) -> Iterator[tuple[Joined, SiteEvidence]]:
    """What the data of a traced model say of its sites."""
    if trace is None or trace.values is None:
        return
    sites = {j.traced.name: j for j in trace.sites if j.traced.type == "sample"}
    for each in trace.values.evidence:
        if each.site.name in sites:
            yield sites[each.site.name], each


def scaled_sites(trace: Attached) -> list[Hierarchy]:
    """The sites of a traced model that are scaled by others, as far as text and data tell."""
    found = {each.site.name: each.site for _, each in evidence_of(trace)}
    asked = [found.get(each.name, each) for each in hierarchies(trace)]
    return [each for each in asked if each.scales]


def unasked(trace: Attached | None) -> str:
    """Why the data of a traced model could not be asked; empty where they could, or need not."""
    return trace.values.unsettled if trace is not None and trace.values is not None else ""


def when(funnel: Funnel, found: SiteEvidence | None, trace: Attached | None) -> str:
    """When a funnel-prone site is a funnel, for a message: as far as the data tell."""
    if funnel.observed_below is False:
        return "no observation depends on it, so it is a funnel"
    if found is not None:
        so = "may be" if form_of(found) == "either" else "is"
        return f"{in_words(found)}, so it {so} a funnel"
    said = "where the data say little about each element it is a funnel"
    why = unasked(trace)
    return f"{said} (these could not be asked: {why})" if why else said


def in_words(found: SiteEvidence) -> str:
    """What the data say, for a message."""
    share = f"{100 * found.kappa:.0f} %" if found.kappa < 0.995 else "nearly all"
    spread = ""
    if found.high - found.low > 0.2:
        spread = f" (from {100 * found.low:.0f} % to {100 * found.high:.0f} % by element)"
    return f"the data give {share} of what is known of an element{spread}"


def as_evidence(found: SiteEvidence) -> dict[str, object]:
    """The numbers behind a finding, for programs."""
    return {
        "kappa": round(found.kappa, 4),
        "kappa_of_elements": [round(found.low, 4), round(found.high, 4)],
        "kappa_over_scale": [round(found.least, 4), round(found.most, 4)],
        "elements": found.elements,
        "scale_sites": list(found.site.scales),
        "scales": {name: float(f"{value:.4g}") for name, value in found.medians.items()},
    }
