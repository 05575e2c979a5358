"""What short runs of NUTS say of the form of a site, where `--verify` has made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from numpyro_lint.model.attach import Attached
from numpyro_lint.model.centring import evidence_at, form_of
from numpyro_lint.model.geometry import Funnel, by_place
from numpyro_lint.text import Span

if TYPE_CHECKING:
    from numpyro_lint_runtime.pilots import FormResult, PilotResult
    from numpyro_lint_runtime.values import SiteEvidence


def pilot_at(trace: Attached | None, span: Span | None) -> PilotResult | None:
    """The runs for the site at a place, if there are any."""
    pilots = trace.pilots if trace is not None else ()
    return next((each for at, each in pilots if at == span), None)


def says_decentre(pilot: PilotResult | None) -> bool | None:
    """Whether runs that decentred a site have settled that it is to be; None: they have not."""
    verdict = pilot.verdict if pilot is not None else "cannot tell"
    return {"helps": True, "hurts": False}.get(verdict)


def is_to_decentre(found: SiteEvidence | None, pilot: PilotResult | None) -> bool:
    """Whether a funnel-prone site is to be decentred, so far as is known: runs outdo evidence."""
    settled = says_decentre(pilot)
    return settled if settled is not None else found is None or form_of(found) == "decentred"


def to_decentre(
    found: Iterable[Funnel], trace: Attached | None
) -> Iterator[tuple[list[Funnel], SiteEvidence | None, PilotResult | None]]:
    """Of the funnel-prone sites at each place those that are to be decentred, where there are any:
    with what the data say of the first, and the runs for all."""
    for here in by_place(found):
        pilot = pilot_at(trace, here[0].site.span)
        asked = [(each, evidence_at(trace, each)) for each in here]
        told = [(each, data) for each, data in asked if is_to_decentre(data, pilot)]
        if told:
            yield [each for each, _ in told], told[0][1], pilot


def why(found: PilotResult) -> str:
    """What a verdict rests on, or why there is none."""
    if found.failure is not None:
        return found.failure.message.strip().partition("\n")[0] or found.failure.exception
    return found.reason


def in_words(found: PilotResult, change: str) -> str:
    """The verdict on a change (`decentring it`), for a message."""
    if found.verdict == "cannot tell":
        return f"short runs of NUTS cannot tell ({why(found)})"
    verb = "makes no difference" if found.verdict == "no difference" else found.verdict
    return f"in short runs of NUTS {change} {verb} ({why(found)})"


def as_evidence(found: PilotResult | None) -> dict[str, object]:
    """The figures behind a verdict, for programs; nothing where there was no run."""
    if found is None:
        return {}
    forms = [_form(each) for each in found.forms]
    told = {"verdict": found.verdict, "reason": why(found), "seed": found.seed, "forms": forms}
    return {"verify": told}


def name_of(form: FormResult) -> str:
    return "decentred" if form.decentred else "centred"


def _form(form: FormResult) -> dict[str, object]:
    rate = form.rate
    return {
        "form": name_of(form),
        "chains": form.chains,
        "draws": form.draws,
        "divergences": form.divergences,
        "gradients": form.gradients,
        "min_bulk_ess": form.ess,
        "min_bulk_ess_site": form.worst or None,
        "ess_per_1000_gradients": None if rate is None else float(f"{rate:.4g}"),
        "ess_per_1000_gradients_by_seed": list(form.rates),
        "max_r_hat": form.r_hat,
        "seconds": form.seconds,
    }
