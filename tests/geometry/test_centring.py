"""Which form is called for, by the steps of both, how uneven they are, and kappa."""

from __future__ import annotations

import pytest

from numpyro_lint.model.centring import Form, form_of, is_needless, is_unsound, sharpness
from numpyro_lint_runtime.values import Hardness, Hierarchy, SiteEvidence

SITE = Hierarchy("theta", scales=("tau",))


def found(
    kappa: float, times: float | None = None, uneven: tuple[float, float] = (1.5, 1.5)
) -> SiteEvidence:
    """Evidence of a site whose centred form takes so many times the steps of the other."""
    forms: dict[str, Hardness] = {}
    if times is not None:
        forms = {
            "centred": Hardness(8.0 * times, uneven[0]),
            "decentred": Hardness(8.0, uneven[1]),
        }
    return SiteEvidence(SITE, 8, kappa, kappa, kappa, kappa, kappa, {}, **forms)


@pytest.mark.parametrize(
    ("evidence", "form"),
    [
        (found(0.1, 1.5), "decentred"),
        (found(0.9, 1.5), "decentred"),
        (found(0.9, 1.45), "either"),
        (found(0.6, 1.4), "centred"),
        (found(0.59, 1.4), "either"),
        (found(0.1, 1.2), "either"),
        (found(0.5, 1.1), "centred"),
        # What takes the steps of both may be other latents.
        (found(0.49, 1.1), "either"),
        (found(0.3, 0.7), "either"),
        (found(0.3, 0.6), "centred"),
        (found(0.9, 0.51, (3.9, 1.0)), "centred"),
        (found(0.9, 0.51, (4.0, 1.0)), "either"),
        (found(0.9, 0.5, (5.9, 1.0)), "centred"),
        (found(0.9, 0.5, (6.0, 1.0)), "either"),
        (found(0.2, 3.0, (300.0, 99.0)), "decentred"),
        (found(0.2, 3.0, (99.0, 300.0)), "decentred"),
        (found(0.2, 3.0, (300.0, 100.0)), "either"),
        (found(0.3), "decentred"),
        (found(0.45), "either"),
        (found(0.5), "centred"),
    ],
)
def test_form(evidence: SiteEvidence, form: Form) -> None:
    assert form_of(evidence) == form


def test_both_forms_are_unsound_or_it_is_not_known() -> None:
    assert is_unsound(found(0.3, 2.0, (300.0, 300.0)))
    assert not is_unsound(found(0.3, 2.0, (300.0, 11.0)))
    assert not is_unsound(found(0.3))


@pytest.mark.parametrize(
    ("uneven", "said"),
    [
        ((3.9, 300.0), ""),
        ((4.0, 300.0), "the centred form is so sharp"),
        ((100.0, 100.0), "both forms are so sharp"),
    ],
)
def test_what_is_said_of_a_sharp_part(uneven: tuple[float, float], said: str) -> None:
    told = sharpness(found(0.3, 2.0, uneven))
    assert said in told
    assert bool(told) is bool(said)


@pytest.mark.parametrize(
    ("evidence", "needless"),
    [
        (found(0.9, 0.57), True),
        (found(0.9, 0.6), False),
        (found(0.9, 0.57, (4.0, 1.0)), False),
        (found(0.9, 0.1, (5.9, 1.0)), True),
        (found(0.9, 0.1, (6.0, 1.0)), False),
        (found(0.8), True),
        (found(0.7), False),
    ],
)
def test_decentred_in_vain(evidence: SiteEvidence, needless: bool) -> None:
    assert is_needless(evidence) is needless
