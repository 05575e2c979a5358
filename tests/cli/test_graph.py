"""`analyze graph FILE:MODEL`: formats, where they go, and what is said where it cannot be done."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from numpyro_lint.cli.main import main

Analyze = Callable[..., tuple[int, str, str]]
SCHOOLS = "examples/eight_schools.py:eight_schools"


@pytest.mark.trace
def test_a_traced_model_is_drawn_with_what_its_data_say(analyze: Analyze) -> None:
    status, out, err = analyze("graph", SCHOOLS, traced=False)
    assert (status, err) == (0, "")
    assert ET.fromstring(out).tag == "{http://www.w3.org/2000/svg}svg"
    assert "funnel, κ 0.1" in out
    assert "examples/eight_schools.py, line 23: traced" in out
    status, out, err = analyze("graph", SCHOOLS, "--no-values", "--format", "mermaid")
    assert (status, err) == (0, "")
    assert "κ" not in out
    assert '==>|"scale"|' in out


def test_without_a_trace_the_text_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["graph", "--static", "--format", "dot", SCHOOLS]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "as the text tells it, not traced" in out
    assert 'n1 -> n2 [color="#b3261e"' in out
    assert 'label="J' in out


@pytest.mark.trace
def test_a_model_that_cannot_be_traced_is_drawn_and_that_is_said(
    analyze: Analyze, tmp_path: Path
) -> None:
    file = tmp_path / "m.py"
    file.write_text(
        "import numpyro\nimport numpyro.distributions as dist\n\n"
        'def model():\n    numpyro.sample("a", dist.Normal(0.0, 1.0))\n'
        '    raise OSError("no disk")\n\n'
        "numpyro.render_model(model)\n"
    )
    status, out, err = analyze("graph", str(file), "--format", "dot")
    assert status == 0
    assert 'label="a\\nNormal"' in out
    assert err == "analyze: drawn as the text tells it, not traced: OSError: no disk\n"


@pytest.mark.trace
def test_a_stack_is_drawn_by_its_line(analyze: Analyze) -> None:
    name = "examples/linear_regression_handlers.py:spring"
    status, out, _ = analyze("graph", name, "--line", "104", "--format", "mermaid")
    assert status == 0
    assert "hidden by block" in out
    status, _, err = analyze("graph", name, "--line", "2", "--format", "mermaid", "--static")
    assert status == 2
    assert "no stack stands at line 2; there are some at " in err


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [value for key, value in attrs if key in ("src", "href")]


def test_a_page_needs_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    assert main(["graph", "--static", "--format", "html", "--output", str(file), SCHOOLS]) == 0
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    assert page.tags.count("svg") == 1
    assert "script" not in page.tags
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("no_such.py:m", "no_such.py: No such file or directory"),
        ("examples/eight_schools.py:nine", "no model 'nine' in this file; there are eight_schools"),
        (
            "examples/column_of_observations.py",
            "there are wrong, right in this file; say which: examples/column_of_observations.py:",
        ),
        ("examples/radon_like.ipynb", "there are model@4, model@7 in this file; say which"),
        (SCHOOLS + " -o /no/such/folder/a.svg", "/no/such/folder/a.svg: No such file"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    target: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["graph", "--static", "--format", "dot", *target.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_without_the_library_two_formats_are_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "graphlay", None)
    assert main(["graph", "--static", SCHOOLS]) == 2
    assert capsys.readouterr().err == (
        "analyze: this picture needs the package graphlay: pip install 'numpyro-lint[graph]'; "
        "--format dot and mermaid do without\n"
    )
    for name in ("dot", "mermaid"):
        assert main(["graph", "--static", SCHOOLS, "--format", name]) == 0
