"""A site by its names: where it is made, what means it, and another name for all of them."""

from __future__ import annotations

import re

import pytest
from static.support import read

from numpyro_lint.check import Report
from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Edit
from numpyro_lint.editor import across
from numpyro_lint.editor.occurrences import NoRename, definitions, references, renamed
from numpyro_lint.rewrite import applied

TEXT = """
def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("rows", 3):
        numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


def guide(y=None):
    numpyro.sample("slope", dist.Normal(0.0, 1.0))


held = handlers.condition(model, data={"slope": 0.5})
inner = handlers.scope(model, prefix="a", divider=".")
outer = handlers.substitute(inner, {"a.slope": 1.0})
SVI(model, guide, None, Trace_ELBO()).run(key, 10)
start = numpyro.infer.init_to_value(values={"slope": 0.0})
mcmc = MCMC(NUTS(model, init_strategy=start), num_warmup=1)
mcmc.run(key)
print(mcmc.get_samples()["slope"])
other = {"slope": "not ours"}
"""


def at(report: Report, text: str, nth: int = 0) -> int:
    """Where a text stands for the nth time, and its first letter."""
    offset = -1
    for _ in range(nth + 1):
        offset = report.source.text.index(text, offset + 1)
    return offset + 1


def nothing(path: str, word: str = "") -> None:
    """A project without other files."""


def no_file(path: str) -> tuple[str, ...]:
    return ()


def rename(context: Context, offset: int, new: str) -> tuple[Edit, ...]:
    found = across.rename(context, offset, new, nothing, no_file)
    return found[0][1] if found else ()


PLACES = [('"slope"', n) for n in range(5)] + [('"a.slope"', 0)]


@pytest.mark.parametrize(("text", "nth"), PLACES)
def test_all_mentions_are_found_from_each(text: str, nth: int) -> None:
    report = read(TEXT)
    found = references(report.context, at(report, text, nth))
    assert [report.source.slice(span) for span in found] == [
        *['"slope"'] * 3,
        '"a.slope"',
        '"slope"',
        '"slope"',
    ]
    assert not any(report.source.text[span.end :].startswith(': "not') for span in found)


def test_the_site_itself_may_be_left_out() -> None:
    report = read(TEXT)
    offset = at(report, '"slope"')
    found = across.references(report.context, offset, nothing, no_file, declared=False)
    assert len(found) == 4


def test_a_key_leads_to_its_site() -> None:
    report = read(TEXT)
    (site,) = definitions(report.context, at(report, '"a.slope"'))
    assert site.start == at(report, '"slope"') - 1


@pytest.mark.parametrize(("text", "nth"), PLACES)
def test_a_site_is_renamed_with_all_that_means_it(text: str, nth: int) -> None:
    report = read(TEXT)
    offset = at(report, text, nth)
    span, name = renamed(report.context, offset)
    assert report.source.slice(span) == name == "slope"
    new = applied(report.source.text, rename(report.context, offset, "gradient"))
    assert new == report.source.text.replace('slope"', 'gradient"').replace(
        '{"gradient": "not ours"}', '{"slope": "not ours"}'
    )


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("y", "'y' is the name of another site of the model"),
        ("", "'' cannot be written as the name of a site"),
        ('a"b', "cannot be written as the name of a site"),
    ],
)
def test_a_name_that_will_not_do_is_refused(new: str, why: str) -> None:
    report = read(TEXT)
    with pytest.raises(NoRename, match=re.escape(why)):
        rename(report.context, at(report, '"slope"'), new)


def test_the_same_name_changes_nothing() -> None:
    report = read(TEXT)
    assert rename(report.context, at(report, '"slope"'), "slope") == ()


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("def model():\n    x = 1\n", "x = 1", "here stands no name of a site"),
        (
            (
                "def model():\n    for i in range(3):\n"
                '        numpyro.sample(f"x{i}", dist.Normal(0.0, 1.0))\n'
            ),
            'f"x',
            "is computed",
        ),
        (TEXT + "(", '"slope"', "does not parse"),
    ],
)
def test_what_cannot_be_renamed_says_why(text: str, place: str, why: str) -> None:
    report = read(text)
    with pytest.raises(NoRename, match=why):
        rename(report.context, at(report, place), "z")


def test_a_replayed_model_shares_its_names_with_the_trace_that_it_follows() -> None:
    text = TEXT[: TEXT.index("held =")]
    text += "drawn = handlers.trace(handlers.seed(guide, 0)).get_trace()\n"
    text += "handlers.trace(handlers.replay(model, drawn)).get_trace()\n"
    report = read(text)
    found = references(Context(report.module), at(report, '"slope"'))
    written = [report.source.line_text(report.source.location(each).line) for each in found]
    assert written == [line for line in report.source.text.splitlines() if '"slope"' in line]
    assert len(written) == 2


@pytest.mark.parametrize("written", ['"sl" "ope"', r'"\x73lope"', '("slope"' + ")"])
def test_a_name_that_is_no_plain_string_cannot_be_renamed(written: str) -> None:
    report = read(TEXT.replace('sample("slope"', f"sample({written}"))
    offset = at(report, "sample(") + len("sample(")
    if written.startswith("("):
        span, name = renamed(report.context, offset + 1)
        assert report.source.slice(span) == name == "slope"
        return
    with pytest.raises(NoRename, match="'slope' is not written as one plain string here"):
        renamed(report.context, offset)


def test_the_prefix_of_a_string_is_no_part_of_a_name() -> None:
    report = read(TEXT.replace('"slope"', 'r"r"'))
    span, name = renamed(report.context, at(report, 'r"r"') + 2)
    assert (report.source.slice(span), name) == ("r", "r")
    assert span.start == at(report, 'r"r"') + 1
