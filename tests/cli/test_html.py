"""`--output-format html`: one page that holds all, and needs nothing."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from cli.page import Page
from pictures.seen import contrast, themes

from numpyro_lint.analyst import Analyst
from numpyro_lint.check import Report, check
from numpyro_lint.cli.html.evidence import evidence
from numpyro_lint.cli.html.render import render
from numpyro_lint.cli.html.rules import explained
from numpyro_lint.cli.html.style import STYLE
from numpyro_lint.cli.main import main
from numpyro_lint.config import Settings
from numpyro_lint.rules import all_rules
from numpyro_lint.text import Source, notebook

Analyze = Callable[..., tuple[int, str, str]]

HOSTILE = '''\
import numpyro
import numpyro.distributions as dist


def model(y=None):
    """</pre></style><script>alert("no")</script>"""
    a = numpyro.sample("<script>alert(1)</script>", dist.Normal(0.0, 1.0))
    numpyro.sample("<script>alert(1)</script>", dist.Normal(a, 1.0))
    numpyro.sample("</article>&amp;\\x00", dist.Normal(a, -1.0), obs=y)


def other(y=None):
    numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)


held = numpyro.handlers.condition(other, data={"\\"><img src=x onerror=alert(2)>": 1.0})
'''

TRACED = """\
import numpyro
import numpyro.distributions as dist


def model(y=None):
    with numpyro.plate("N", 3):
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)


held = numpyro.handlers.condition(model, data={"x": 1.0})
numpyro.handlers.seed(model, 0)(jnp.zeros(2))
"""


def read(text: str, name: str = "model.py") -> Report:
    return check(notebook(name, text) if name.endswith(".ipynb") else Source(name, text))


@pytest.mark.trace
def test_the_examples_on_one_page(analyze: Analyze) -> None:
    given = ("--output-format", "html", "examples/eight_schools.py", "examples/misspelt_key.py")
    status, out, err = analyze(*given, traced=True)
    assert (status, err) == (1, "")
    page = Page(out)
    assert "2 files, 2 models, 2 traced, 10 sites: 2 errors, 1 warning" in page.words
    assert page.count("article", "finding") == 3
    assert page.count("svg", "nl-graph") == page.count("article", "model") == 2
    assert page.count("svg", "nl-plot") == page.count("section", "runs") == 0
    assert "traced as it is called in this file" in page.text
    assert any(word.startswith("funnel, κ 0.1") for word in page.words)
    shown = page.text
    for part in (
        "the share that the data give of what is known of an element",
        "fix (unsafe): Reparameterise 'theta' (non-centred)",
        '+@numpyro.handlers.reparam(config={"theta": numpyro.infer.reparam.LocScaleReparam(0)})',
        "line 25: the scale comes from 'tau'",
    ):
        assert part in shown, part
    assert ("latent", "start, growth, noise, height") in pairwise(page.words)
    pages = {at["href"] for at in page.all("a") if not at["href"].startswith("#")}
    assert "https://numpyro-lint.readthedocs.io/rules/funnel" in pages
    _, again, _ = analyze(*given, traced=True)
    assert again == out


def test_findings_and_their_order_are_those_of_other_formats(analyze: Analyze) -> None:
    given = ("--static", "--pedantic", "examples")
    status, lines, _ = analyze(*given, "--output-format", "concise")
    again, out, _ = analyze(*given, "--output-format", "html")
    page = Page(out)
    assert again == status == 1
    place, *_ = (n for n, word in enumerate(page.words) if word == "examples/clean_model.py")
    shown = iter(page.words[place:])
    for line in lines.splitlines():
        where, _, rest = line.partition(": ")
        rule = rest.partition("[")[2].partition("]")[0]
        message = rest.partition("] ")[2]
        assert rule in shown
        assert message in shown
        assert where in shown
    assert page.count("article", "finding") == len(lines.splitlines())


def test_what_a_model_holds_stays_text() -> None:
    page = Page(render([read(HOSTILE, "<b>.py")], "", "normal"))
    assert {"duplicate-site", "unknown-site-in-handler"} <= set(page.words)
    assert not [tag for tag, _ in page.elements if tag in ("script", "img", "b")]
    assert "<script>alert(1)</script>" in page.text
    assert '"><img src=x onerror=alert(2)>' in page.text
    assert "<b>.py" in page.text
    assert "\x00" not in page.text


def test_a_file_with_several_models_leads_to_each() -> None:
    page = Page(render([read(HOSTILE)], "", "normal"))
    (links,) = page.all("nav")
    assert links["aria-label"] == "models of model.py"
    keys = [at["id"] for at in page.all("article", "model")]
    assert [at["href"] for at in page.all("a") if at["href"].startswith("#")] == [
        f"#{key}" for key in keys
    ]
    assert len(keys) == 2
    assert Page(render([read(TRACED)], "", "normal")).count("nav") == 0


@pytest.mark.trace
def test_a_picture_of_a_hostile_model(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "m.py"
    file.write_text(
        HOSTILE.replace("-1.0", "1.0").replace('sample("<s', 'sample("b<s', 1)
        + "\nnumpyro.handlers.seed(model, 0)()\n"
    )
    main(["--python", sys.executable, "--no-values", "--output-format", "html", str(file)])
    page = Page(capsys.readouterr().out)
    assert page.count("svg", "nl-graph") == 2
    assert not [tag for tag, _ in page.elements if tag in ("script", "img")]


def test_nothing_found_and_nothing_to_find(capsys: pytest.CaptureFixture[str]) -> None:
    page = Page(render([read("x = 1\n")], "", "normal"))
    assert "1 file, 0 models, 0 sites: nothing found" in page.words
    assert page.count("article") == page.count("section") == 0
    assert main(["--static", "--output-format", "html", "examples/clean_model.py"]) == 0
    page = Page(capsys.readouterr().out)
    assert "Nothing found." in page.words
    assert ", not traced" in page.text
    assert page.count("svg") == 0


def test_quiet_is_findings_alone(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--static", "--output-format", "html", "--quiet", "examples/misspelt_key.py"]
    assert main(given) == 1
    page = Page(capsys.readouterr().out)
    assert page.count("article", "finding") == page.count("article") == 2


@pytest.mark.trace
def test_without_the_library_the_page_is_whole_but_for_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Analyst(Settings(python=sys.executable), static=False, values=False) as analyst:
        report = analyst.report(Source("slip.py", TRACED))
    whole = Page(render([report], "traced with python", "normal"))
    assert whole.count("svg") == 1
    monkeypatch.setitem(sys.modules, "graphlay", None)
    page = Page(render([report], "traced with python", "normal"))
    said = "There are no pictures of the models: they need the package graphlay: pip install "
    assert (whole.text.count(said), page.text.count(said)) == (0, 1)
    assert page.count("svg") == 0
    for tag in ("article", "table", "pre", "dl", "details"):
        assert page.count(tag) == whole.count(tag) > 0


def test_a_cell_of_a_notebook_is_named() -> None:
    text = Path("examples/radon_like.ipynb").read_text(encoding="utf-8")
    page = Page(render([read(text, "radon_like.ipynb")], "", "normal"))
    assert any(word.startswith("radon_like.ipynb:cell 9:") for word in page.words), page.words


def test_the_page_is_in_utf_8_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="ascii"))
    text = HOSTILE.replace("</article>", "κ 名前")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    main(["--static", "--output-format", "html", "-"])
    assert "κ 名前" in Page(written.getvalue().decode("utf-8")).text


def test_evidence_is_told_in_words_and_numbers() -> None:
    found = {
        "kappa": 0.123456,
        "scales": {"tau": 2.5, "sigma": 1e-9},
        "value_shape": [3, 1],
        "scale_sites": ["tau"],
        "outside": {},
        "first": None,
        "type": "<list>",
        "verify": {"verdict": "helps"},
    }
    (shown,) = evidence(found)
    words = Page(f"<!DOCTYPE html>\n{shown}").words
    assert words[1:] == [
        "κ, the share that the data give of what is known of an element",
        "0.1235",
        "posterior medians of the scales",
        "tau 2.5, sigma 1e-09",
        "value shape",
        "(3, 1)",
        "the scale comes from",
        "tau",
        "outside",
        "none",
        "type",
        "<list>",
    ]
    assert list(evidence({"verify": {}})) == []


def test_every_rule_is_explained_as_its_page_has_it() -> None:
    page = Page(f"<!DOCTYPE html>\n{explained(all_rules())}")
    assert "`" not in page.text
    assert page.count("details") == len(all_rules())
    for rule in all_rules().values():
        for line in rule.documentation.splitlines():
            title = line.removeprefix("## ")
            assert not line.startswith("## ") or title in page.words
    assert page.count("table") == sum("\n|-" in rule.documentation for rule in all_rules().values())
    assert "```" not in page.text
    assert "##" not in page.text
    assert ".md)" not in page.text
    assert explained(["no-such-rule"]) == ""


def test_all_levels_are_legible_in_both_themes() -> None:
    from numpyro_lint.pictures.page import page

    for ours, base in zip(themes(STYLE), themes(page("")), strict=True):
        for ink in ("error", "warning", "info", "hint"):
            assert contrast(ours[ink], base["paper"]) >= 4.5
        for ink in ("added", "removed"):
            assert contrast(ours[ink], base["raised"]) >= 4.5
        assert contrast(base["ink"], ours["mark"]) >= 4.5
