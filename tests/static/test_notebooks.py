"""Notebooks: magics, broken cells, models that are redefined, places by cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from static.support import names

from numpyro_lint.check import Report, check
from numpyro_lint.text import load, notebook

IMPORTS = "import numpyro\nimport numpyro.distributions as dist\n"
MODEL = 'def model():\n    numpyro.sample("a", dist.Normal(0.0, 1.0))'
DUPLICATE = f'{MODEL}\n    numpyro.sample("a", dist.Normal(0.0, 1.0))'


def content(*cells: str, markdown: int = 0) -> str:
    """The JSON of a notebook, with some Markdown cells at its head."""
    text = [{"cell_type": "markdown", "source": ["# Heading\n", "text"]}] * markdown
    code = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"nbformat": 4, "cells": [*text, *code]})


def read(*cells: str, markdown: int = 0) -> Report:
    return check(notebook("book.ipynb", content(*cells, markdown=markdown)))


def where(report: Report) -> list[tuple[str, int | None, int, int]]:
    found = [(each, report.source.location(each.span)) for each in report.diagnostics]
    return [(each.rule, at.cell, at.line, at.column) for each, at in found]


def test_places_are_by_cell() -> None:
    report = read(IMPORTS, "x = 1", DUPLICATE, markdown=2)
    assert where(report) == [("duplicate-site", 4, 3, 5)]


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "!pip install numpyro",
        "!ls",
        "%time x = 1",
        "%%time",
        "%%capture out",
        "numpyro.sample?",
        "numpyro.sample??",
        "?numpyro.sample",
        "files = !ls",
        "value = %env HOME",
        "!pip install \\\n    numpyro \\\n    jax",
        "%load_ext autoreload\n%autoreload 2",
        "if True:\n    !ls\n    x = 1",
        "pip install -q numpyro",
        "cd ../data",
        "matplotlib inline\nls -l",
    ],
)
def test_magics_are_passed_over(magic: str) -> None:
    report = read(IMPORTS, f"{magic}\n{DUPLICATE}")
    line = magic.count("\n") + 4
    assert where(report) == [("duplicate-site", 1, line, 5)]


INDENTED = DUPLICATE.replace("\n", "\n    ")


@pytest.mark.parametrize("head", ["    ", "\n    ", "    %time x = 1\n    ", "    # said\n\n    "])
def test_a_cell_may_be_indented_as_a_whole(head: str) -> None:
    report = read(IMPORTS, head + INDENTED)
    assert where(report) == [("duplicate-site", 1, 3 + head.count("\n"), 9)]


def test_an_indented_cell_does_not_go_on_with_the_one_before() -> None:
    report = read(IMPORTS, MODEL, '    numpyro.sample("a", dist.Normal(0.0, 1.0))\n    x = 1')
    assert where(report) == []


def test_what_could_be_a_magic_and_is_python_is_read() -> None:
    report = read(IMPORTS, "ls = [1]\nrun = 2\nrun *ls\n" + DUPLICATE)
    assert where(report) == [("duplicate-site", 1, 6, 5)]


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile model.py", "%%javascript"])
def test_a_cell_of_another_language_is_no_python(magic: str) -> None:
    report = read(IMPORTS, f"{magic}\n{DUPLICATE}\n<b>not Python</b>", MODEL)
    assert where(report) == []
    assert names(report) == ["a"]


def test_a_line_that_begins_with_a_percent_sign_may_be_python() -> None:
    report = read(
        IMPORTS, 'def model(i):\n    numpyro.sample("a_%s"\n    % i, dist.Normal(0.0, 1.0))'
    )
    assert names(report) == ["a_*"]


def test_a_broken_cell_costs_itself_alone() -> None:
    report = read(IMPORTS, "x = (1,\n", DUPLICATE, "def broken(:\n    pass", markdown=1)
    assert [found[:3] for found in where(report)] == [
        ("invalid-syntax", 2, 1),
        ("duplicate-site", 3, 3),
        ("invalid-syntax", 4, 1),
    ]


def test_a_model_that_is_redefined() -> None:
    other = MODEL.replace('"a"', '"b"')
    held = "from numpyro import handlers\nheld = handlers.condition(model, data={'a': 1.0})"
    assert where(read(IMPORTS, MODEL, held, other)) == []
    report = read(IMPORTS, MODEL, other, held)
    assert where(report) == [("unknown-site-in-handler", 3, 2, 40)]


def test_two_models_of_one_name_do_not_clash() -> None:
    report = read(IMPORTS, MODEL, MODEL, MODEL)
    assert where(report) == []
    roles = [each.role for each in report.module.functions.values()]
    assert roles == ["model", "model", "model"]


def test_a_cell_without_a_line_end_and_an_empty_one() -> None:
    report = read(IMPORTS.rstrip("\n"), "", "\n\n", DUPLICATE)
    assert where(report) == [("duplicate-site", 3, 3, 5)]


def test_source_as_one_string() -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": IMPORTS + DUPLICATE}]})
    assert where(check(notebook("book.ipynb", text))) == [("duplicate-site", 0, 5, 5)]


def test_top_level_await_and_suppression() -> None:
    ignored = f"{DUPLICATE}  # numpyro-lint: ignore[duplicate-site]"
    assert where(read(IMPORTS, "await something()", ignored)) == []


def test_a_notebook_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "book.ipynb"
    path.write_text(content(IMPORTS + MODEL), encoding="utf-8-sig")
    assert names(check(load(str(path)))) == ["a"]


OLD = {
    "nbformat": 3,
    "metadata": {"name": "numpyro"},
    "worksheets": [{"cells": [{"cell_type": "code", "input": ["import numpyro\n"]}]}],
}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps(OLD), "a notebook of format 3, and only format 4 is read"),
        ('{"cells": [}  numpyro', "not JSON"),
        ("<<<<<<< HEAD\nnumpyro\n", "not JSON"),
        ('["numpyro"]', "no Jupyter notebook"),
        ('{"name": "numpyro"}', "no Jupyter notebook"),
        ('"numpyro"', "no Jupyter notebook"),
        ('{"nbformat": 4, "cells": {"numpyro": 1}}', "cells are not as format 4 has them"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "numpyro": 1}]}', "cells are not"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1], "numpyro": 1}]}', "cells"),
        ("[" * 100_000 + "numpyro", ""),
        ('{"numpyro": ' + "1" * 10_000 + "}", "no Jupyter notebook"),
    ],
)
def test_what_is_no_notebook_is_a_finding(content: str, message: str) -> None:
    (finding,) = check(notebook("a.ipynb", content)).diagnostics
    assert (finding.rule, finding.severity.label) == ("invalid-notebook", "error")
    assert message in finding.message


def test_what_is_no_notebook_and_not_ours_is_silent() -> None:
    for content in ("", "{}", "version https://git-lfs.github.com/spec/v1\n"):
        assert not check(notebook("a.ipynb", content)).diagnostics


def test_place_of_what_is_wrong_with_a_notebook() -> None:
    content = '{\n "metadata": {"numpyro": 1},\n "cells": [\n}'
    source = notebook("a.ipynb", content)
    (finding,) = check(source).diagnostics
    where = source.location(finding.span)
    assert (where.line, where.column, where.cell) == (4, 1, None)
