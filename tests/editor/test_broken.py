"""What is still known of a text that does not parse."""

from __future__ import annotations

import pytest
from static.support import read

from numpyro_lint.check import check
from numpyro_lint.editor.broken import carried, legible, unchanged
from numpyro_lint.editor.hover import hover
from numpyro_lint.editor.occurrences import references
from numpyro_lint.text import Source

MODEL = """\
import numpyro
import numpyro.distributions as dist


def model():
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, scale))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=1.0)
"""


def test_whole_lines_are_unchanged() -> None:
    assert unchanged("a\nb\nc\n", "a\nb\nc\n")[0] == 6
    assert unchanged("a\nbb\nc\n", "a\nbx\nc\n") == (2, 2)
    assert unchanged("a\nbb\nc", "a\nb\nc") == (2, 1)
    assert unchanged("", "a") == (0, 0)
    assert unchanged("a\nc", "a\nb\nc") == (2, 1)


@pytest.mark.parametrize("above", [True, False])
def test_findings_are_carried_past_what_is_broken(above: bool) -> None:
    report = check(Source("a.py", MODEL))
    (funnel,) = report.diagnostics
    broken = MODEL.replace("\n\n\n", "\n\nx = (\n\n") if above else MODEL + "x = (\n"
    (found,) = carried(report, Source("a.py", broken))
    assert broken[found.span.start : found.span.end] == MODEL[funnel.span.start : funnel.span.end]
    assert [broken[each.span.start : each.span.end] for each in found.related] == [
        MODEL[each.span.start : each.span.end] for each in funnel.related
    ]


def test_findings_on_the_broken_line_are_not_carried() -> None:
    report = check(Source("a.py", MODEL))
    broken = MODEL.replace('"effect", dist', '"effect", (dist')
    assert carried(report, Source("a.py", broken)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"y", dist.Normal(effect, 1.0), obs=1.0)', '"y", dist.Normal(effect, 1.0), obs='),
        ("\n\n\ndef", "\n\nx = (\n\ndef"),
        ("    numpyro.sample(", "    if scale:\n    numpyro.sample("),
    ],
)
def test_sites_are_known_in_the_lines_that_are_as_they_were(old: str, new: str) -> None:
    broken = MODEL.replace(old, new)
    assert check(Source("a.py", broken)).module.problems
    report = legible(Source("a.py", broken), MODEL, ())
    assert report is not None
    offset = broken.index('"scale"') + 1
    shown = hover(report, offset)
    assert shown is not None
    assert shown.text.startswith("**scale** (latent)")
    assert [broken[a:b] for a, b in references(report.context, offset)] == ['"scale"']
    assert report.module.stale


def test_a_block_needs_something_in_it() -> None:
    report = read("""
        def model():
            numpyro.sample("x", dist.Normal(0, 1))


        def other():
            pass
    """)
    text = report.source.text
    found = legible(Source("a.py", text.replace("(0, 1))", "(0, 1")), text, ())
    assert found is not None
    assert [each.name for each in found.module.functions.values()] == ["model", "other"]


def test_where_nothing_helps_nothing_is_known() -> None:
    assert legible(Source("a.py", "x = (\n"), "y = (\n", ()) is not None
    assert legible(Source("a.py", "x = (\n"), "x = (\n", ()) is None
