"""What is offered at a place that no finding asks for."""

from __future__ import annotations

import pytest
from static.support import PREAMBLE, read

from numpyro_lint.check import Report
from numpyro_lint.editor.refactors import refactors
from numpyro_lint.rewrite import applied
from numpyro_lint.text import Span

FUNNEL = """
def model(y=None):
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, scale))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)
"""
BLIND = """
def model(x, y, _more=None, *rest):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample(SITE)
"""


def offered(report: Report, at: str) -> dict[str, str]:
    """The titles of what is offered at a place, and the texts after it."""
    start = report.source.text.index(at)
    found = refactors(report.context, Span(start, start))
    return {each.title: applied(report.source.text, each.edits) for each in found}


def test_a_site_is_decentred() -> None:
    report = read(FUNNEL)
    ((title, text),) = offered(report, '"effect"').items()
    assert title == "Reparameterise 'effect' (non-centred)"
    assert '@handlers.reparam(config={"effect": ' in text
    assert offered(report, '"scale"') == offered(report, '"y"') == {}
    again = read(text.removeprefix(PREAMBLE))
    assert offered(again, '"effect", dist') == {}


def test_a_key_stands_against_it() -> None:
    held = read(FUNNEL + 'held = handlers.condition(model, {"effect": 1.0})\n')
    assert offered(held, '"effect"') == {}


@pytest.mark.parametrize("at", ["model(", 'sample("y"'])
@pytest.mark.parametrize(
    ("site", "observed"),
    [
        ('"y", dist.Normal(slope * x, 1.0)', '"y", dist.Normal(slope * x, 1.0), obs=y'),
        (
            '\n        "y",\n        dist.Normal(slope * x, 1.0),  # the line\n    ',
            '\n        "y",\n        dist.Normal(slope * x, 1.0), obs=y,  # the line\n    ',
        ),
    ],
)
def test_data_that_are_not_used_are_observed(at: str, site: str, observed: str) -> None:
    text = BLIND.replace("SITE", site)
    report = read(text)
    at = at if '"y"' not in at else '"y"'
    assert offered(report, at) == {
        "Observe 'y': add obs=y": report.source.text.replace(site, observed)
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("slope * x, 1.0)", "slope * x, 1.0), obs=y"),
        ("slope * x", "slope * x + y"),
        ("slope * x, 1.0)", "slope * x, 1.0), obs=x"),
        ("slope * x, 1.0)", "slope * x, 1.0), **options"),
        ("(x, y,", "(x,"),
    ],
)
def test_where_data_are_used_nothing_is_offered(old: str, new: str) -> None:
    text = BLIND.replace("SITE", '"y", dist.Normal(slope * x, 1.0)')
    assert old in text
    assert offered(read(text.replace(old, new)), "model(") == {}


def test_in_broken_text_nothing_is_offered() -> None:
    assert offered(read(FUNNEL + "("), '"effect"') == {}
