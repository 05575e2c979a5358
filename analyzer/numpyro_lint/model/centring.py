"""Which form of a hierarchical site its data call for.

NUTS does better with the form whose posterior takes fewer steps from one side to the other (see the
worker's hardness.py). Measured with long runs (tests/geometry): the decentred form wins where the
centred one is 1.5 times as hard and more; up to 1.1 times it does not, and up to 1.4 where the data
say more of an element than its prior, but that where both are about as hard other latents may be
what takes the steps, so that `kappa` is asked as well, and where both have a part that is far
sharper than the rest neither is sound. Where forms cannot be compared `kappa` decides, how much the
data say of an element, 0 nothing and 1 all: where it is below 0.4 in the median element the
decentred form wins; from 0.5 on the centred one does or neither, but for elements that differ
widely. The steps of a walk, one by one, are less known than its level is: there the decentred form
wins to 0.1, and either may between 0.17 and 0.6. Nobody is warned of what is not clear.
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
# From so many times the steps on the centred form is the harder one, and up to so many it is not.
HARDER, ALIKE = 1.5, 1.1
# From this kappa on it is not to so many times.
KNOWN, ALIKE_IF_KNOWN = 0.6, 1.4
# A step that fits the bulk is unstable where the density is four times as sharp: there the centred
# form may diverge, however few steps it takes elsewhere. Where it takes half of the other's, and so
# has steps to spare, it is sound up to six times.
UNEVEN, UNEVEN_IF_EASY = 4.0, 6.0
EASY = 0.5
# With a hundred times no step that is of use is stable there.
FAR_UNEVEN = 100.0
# Below the first kappa the decentred form is called for, from the second on the centred one does.
DECENTRED, CENTRED = 0.4, 0.5
_OF_A_WALK = 0.15, 0.6
# From so many times the steps on, or from this kappa, the decentred form does harm.
MUCH_HARDER, NEEDLESS = 1.75, 0.8
# About a half, where a form half way between is the better one; but for some elements of which the
# data say nearly all: these are best left centred.
_HALF, ALL = (0.4, 0.6), 0.95


def form_of(found: SiteEvidence) -> Form:
    """The form that a site is to have; `either` where that is not clear."""
    times = harder(found)
    if times is not None:
        if times >= HARDER:
            return "either" if is_unsound(found) else "decentred"
        agreed = times <= 1 / HARDER or found.kappa >= CENTRED
        alike = times <= (ALIKE if found.kappa < KNOWN else ALIKE_IF_KNOWN)
        return "centred" if alike and agreed and not is_uneven(found) else "either"
    site = found.site
    is_walk = site.family == "GaussianRandomWalk" or site.scanned or site.summed
    decentred, centred = _OF_A_WALK if is_walk else (DECENTRED, CENTRED)
    if found.kappa < decentred and found.high < ALL:
        return "decentred"
    return "centred" if found.kappa >= centred else "either"


def harder(found: SiteEvidence) -> float | None:
    """How many times the steps of the decentred form the centred one takes, if that is known."""
    if found.centred is None or found.decentred is None:
        return None
    return found.centred.steps / found.decentred.steps


def is_uneven(found: SiteEvidence) -> bool:
    """Whether steps that fit most of the centred form's posterior are too long for a part of it."""
    times = harder(found)
    most = UNEVEN_IF_EASY if times is not None and times <= EASY else UNEVEN
    return found.centred is not None and found.centred.uneven >= most


def is_unsound(found: SiteEvidence) -> bool:
    """Whether in both forms a part of the posterior is far too sharp for what fits the rest."""
    forms = found.centred, found.decentred
    return all(form is not None and form.uneven >= FAR_UNEVEN for form in forms)


def is_between(found: SiteEvidence) -> bool:
    """Whether both forms lose to one half way between them."""
    low, high = _HALF
    return form_of(found) == "either" and low <= found.kappa < high and found.high < ALL


def is_needless(found: SiteEvidence) -> bool:
    """Whether it does harm to decentre a site."""
    times = harder(found)
    if times is None:
        return found.kappa >= NEEDLESS
    return times <= 1 / MUCH_HARDER and not is_uneven(found)


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
    return f"the data give {share} of what is known of an element{spread}{_steps(harder(found))}"


def sharpness(found: SiteEvidence) -> str:
    """What part of the posterior may be missed, for a message; empty where it is even."""
    if not is_uneven(found):
        return ""
    forms = "both forms are" if is_unsound(found) else "the centred form is"
    return f"; in a part of the posterior {forms} so sharp that NUTS may diverge"


def _steps(times: float | None) -> str:
    """How many times the steps of the other form one takes, for a message."""
    if times is None:
        return ""
    form, times = ("centred", times) if times >= 1 else ("decentred", 1 / times)
    many = f"{times:.0f}" if times >= 2 else f"{times:.1f}"
    return f", and {form} it takes NUTS about {many} times the steps"


def as_evidence(found: SiteEvidence) -> dict[str, object]:
    """The numbers behind a finding, for programs."""
    return {
        "kappa": round(found.kappa, 4),
        "kappa_of_elements": [round(found.low, 4), round(found.high, 4)],
        "kappa_over_scale": [round(found.least, 4), round(found.most, 4)],
        "elements": found.elements,
        **_hardness(found),
        "scale_sites": list(found.site.scales),
        "scales": {name: float(f"{value:.4g}") for name, value in found.medians.items()},
    }


def _hardness(found: SiteEvidence) -> dict[str, object]:
    forms = {"centred": found.centred, "decentred": found.decentred}
    known = {form: each for form, each in forms.items() if each is not None}
    if not known:
        return {"not_compared": found.unmade} if found.unmade else {}
    return {
        "steps": {form: _short(each.steps) for form, each in known.items()},
        "uneven": {form: _short(each.uneven) for form, each in known.items()},
    }


def _short(number: float) -> float:
    return float(f"{number:.3g}")
