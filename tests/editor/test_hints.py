"""What is put after sites: what a trace with the user's own arguments has shown."""

from __future__ import annotations

import sys

import pytest
from static.support import PREAMBLE, read

from numpyro_lint.analyst import Analyst
from numpyro_lint.check import Report
from numpyro_lint.config import Settings
from numpyro_lint.editor.hints import hints
from numpyro_lint.text import Source, Span

TEXT = """
def normal(name, size):
    return numpyro.sample(name, dist.Normal(0.0, 1.0).expand([size]).to_event(1))


def model(data):
    for size in data:
        normal(f"x_{size}", size)
    numpyro.deterministic("total", 2.0)


def never_called(data):
    with numpyro.plate("rows", len(data)):
        numpyro.sample("z", dist.Normal(0.0, 1.0))


handlers.trace(handlers.seed(model, 0)).get_trace(DATA)
"""


def hinted(report: Report, within: Span | None = None) -> dict[str, str]:
    """The hints by the words before them."""
    source = report.source
    found = hints(report.context, within or Span(0, len(source.text)))
    return {source.text[: each.offset].rpartition("numpyro.")[2]: each.text for each in found}


def traced(data: str) -> Report:
    text = PREAMBLE + TEXT.replace("DATA", data)
    with Analyst(Settings(), static=False, python=sys.executable) as analyst:
        return analyst.report(Source("model.py", text))


@pytest.mark.trace
def test_sites_have_their_shapes_and_plates(eight_schools: Report) -> None:
    found = hinted(eight_schools)
    assert found == {
        'sample("mu", dist.Normal(0, 5))': "()",
        'sample("tau", dist.HalfCauchy(5))': "()",
        'plate("J", J)': "size 8, dim -1",
        'sample("theta", dist.Normal(mu, tau))': "(8,) in J",
        'sample("obs", dist.Normal(theta, sigma), obs=y)': "(8,) observed in J",
    }
    offset = eight_schools.source.text.index('sample("theta"')
    part = hinted(eight_schools, Span(offset, offset + 60))
    assert part == {'sample("theta", dist.Normal(mu, tau))': "(8,) in J"}


@pytest.mark.trace
def test_shapes_that_differ_are_all_told_and_made_up_ones_are_not() -> None:
    call = "sample(name, dist.Normal(0.0, 1.0).expand([size]).to_event(1))"
    assert hinted(traced("(2, 3)")) == {
        call: "(2,) or (3,)",
        'deterministic("total", 2.0)': "()",
    }
    assert hinted(traced("range(1, 6)"))[call] == "(1,) or (2,) or ..."


def test_without_a_trace_nothing_is_put() -> None:
    assert hinted(read(TEXT)) == {}
