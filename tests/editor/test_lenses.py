"""What is offered above models: only what makes sense for each."""

from __future__ import annotations

import pytest
from static.support import read

from numpyro_lint.check import Report
from numpyro_lint.editor.lenses import lenses

TEXT = """
def funnel(y=None):
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, scale))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


def plain(y=None):
    numpyro.sample("y", dist.Normal(numpyro.sample("mean", dist.Normal(0.0, 1.0)), 1.0), obs=y)


def of_no_site(y):
    return y
"""


def offered(report: Report, may_run: bool = True) -> list[tuple[str, str]]:
    return [(each.model, each.command) for each in lenses(report, may_run)]


def test_verify_is_offered_where_there_is_something_to_settle() -> None:
    assert offered(read(TEXT)) == [
        ("funnel", "trace"),
        ("funnel", "graph"),
        ("funnel", "verify"),
        ("plain", "trace"),
        ("plain", "graph"),
    ]


def test_what_runs_code_is_offered_where_that_may_be() -> None:
    assert offered(read(TEXT), may_run=False) == [("funnel", "graph"), ("plain", "graph")]


def test_models_of_one_name_are_told_apart() -> None:
    twice = read(TEXT + TEXT)
    found = lenses(twice, may_run=True)
    funnels = [each.model for each in found if each.command == "verify"]
    lines = [twice.source.line(each.span.start) for each in found if each.command == "verify"]
    assert funnels == [f"funnel@{line}" for line in lines]
    assert len(set(funnels)) == 2


@pytest.mark.trace
def test_a_traced_model_has_all_three(eight_schools: Report) -> None:
    (first, *_) = lenses(eight_schools, may_run=True)
    assert eight_schools.source.slice(first.span) == "eight_schools"
    assert [command for _, command in offered(eight_schools)] == ["trace", "graph", "verify"]
