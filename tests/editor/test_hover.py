"""What is shown of a place: sites by text and by trace, keys, handlers, rules."""

from __future__ import annotations

import pytest
from static.support import read

from numpyro_lint.check import Report
from numpyro_lint.editor.hover import hover

TEXT = """
def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


held = handlers.condition(model, data={"slope": 0.5})
handlers.trace(handlers.seed(held, 0)).get_trace()  # numpyro-lint: ignore[funnel]
"""


def shown(report: Report, text: str) -> str:
    found = hover(report, report.source.text.index(text) + 1)
    assert found is not None
    assert report.source.slice(found.span)
    return found.text


def test_a_site_by_its_text() -> None:
    assert shown(read(TEXT), '"slope"') == (
        "**slope** (latent)\n\n```python\ndist.Normal(0.0, 1.0)\n```\n\n"
        "In this file:\n- line 16, `trace(seed(condition(model)))`: observed (condition)"
    )


def test_a_key_is_its_site_and_what_the_handler_does() -> None:
    said = shown(read(TEXT), '"slope": 0.5')
    assert said.startswith("`condition` observes this site:\n\n")
    assert "**slope** (latent)" in said


def test_a_handler_says_what_it_touches() -> None:
    assert shown(read(TEXT), "handlers.condition") == "`condition` observes `slope`"


def test_a_rule_in_a_comment() -> None:
    assert shown(read(TEXT), "funnel]").startswith("**funnel** (warning): ")


@pytest.mark.parametrize("place", ["def model", "0.5", "get_trace"])
def test_nothing_is_shown_of_what_is_not_ours(place: str) -> None:
    report = read(TEXT)
    assert hover(report, report.source.text.index(place) + 1) is None


@pytest.mark.trace
def test_a_traced_site_has_its_shape_and_what_the_data_say(eight_schools: Report) -> None:
    said = shown(eight_schools, '"theta"').splitlines()
    assert "shape `(8,)` in `J`" in said
    data = "the data give 12 % of what is known of an element, and centred it takes NUTS about"
    assert any(line.startswith(f"`theta`: {data}") for line in said)
    assert said[-1] == "- line 33, `eight_schools, for mcmc`: latent"
    assert shown(eight_schools, '"obs"').startswith("**obs** (observed)")


def test_a_key_of_many_sites_still_says_whose_it_is() -> None:
    models = "".join(
        f'def model_{n}():\n    numpyro.sample("slope", dist.Normal({n}.0, 1.0))\n\n\n'
        for n in range(4)
    )
    held = "".join(f"h_{n} = handlers.condition(model_{n}, data=data)\n" for n in range(4))
    said = shown(read(f'{models}data = {{"slope": 0.5}}\n{held}'), '"slope": 0.5')
    assert said.startswith("`condition` observes this site:\n\n**slope** (latent)")
    assert said.count("**slope**") == 3
