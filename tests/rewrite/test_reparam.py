"""Rewrites: a funnel decentred in every style of import, and never at the price of the text."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from markdown import PREAMBLE

from numpyro_lint.check import check
from numpyro_lint.diagnostic import Applicability, fix_of
from numpyro_lint.rewrite import applied, reparam_fix
from numpyro_lint.text import Source, load, notebook

EXAMPLES = Path(__file__).parents[2] / "examples"
CONFIG = {"theta": "LocScaleReparam(0)"}
BODY = """

def model(y=None):
    tau = {sample}("tau", {dist}.HalfCauchy(5))
    theta = {sample}("theta", {dist}.Normal(0, tau))  # keep   this
    {sample}("obs", {dist}.Normal(theta, 1.0), obs=y)
"""


def mended(text: str, config: dict[str, str] = CONFIG, name: str = "model") -> str | None:
    source = Source("model.py", text)
    fix = reparam_fix(source, text.index(f"def {name}("), config)
    if fix is None:
        return None
    assert fix.applicability is Applicability.UNSAFE
    new = applied(text, fix.edits)
    ast.parse(new)
    return new


def funnels(text: str) -> list[str | None]:
    found = check(Source("model.py", text)).diagnostics
    return [each.site for each in found if each.rule == "funnel"]


STYLES = {
    "numpyro": (
        "import numpyro\nimport numpyro.distributions as dist\n",
        "numpyro.sample",
        '@numpyro.handlers.reparam(config={"theta": numpyro.infer.reparam.LocScaleReparam(0)})\n',
        "",
    ),
    "alias": (
        "import numpyro as npr\nimport numpyro.distributions as dist\n",
        "npr.sample",
        '@npr.handlers.reparam(config={"theta": npr.infer.reparam.LocScaleReparam(0)})\n',
        "",
    ),
    "handlers": (
        "import numpyro.distributions as dist\nfrom numpyro import handlers, sample\n",
        "sample",
        '@handlers.reparam(config={"theta": LocScaleReparam(0)})\n',
        "from numpyro.infer.reparam import LocScaleReparam\n",
    ),
    "poutine": (
        (
            "from numpyro import distributions as dist, handlers as poutine\n"
            "from numpyro.infer.reparam import LocScaleReparam as Decentred\n"
            "from numpyro.primitives import sample\n"
        ),
        "sample",
        '@poutine.reparam(config={"theta": Decentred(0)})\n',
        "",
    ),
    "bare": (
        (
            "import numpyro.distributions as dist\n"
            "from numpyro.handlers import reparam, seed\n"
            "from numpyro import sample\n"
        ),
        "sample",
        '@reparam(config={"theta": LocScaleReparam(0)})\n',
        "from numpyro.infer.reparam import LocScaleReparam\n",
    ),
    "star": (
        "from numpyro.handlers import *\nfrom numpyro import sample, distributions as dist\n",
        "sample",
        '@reparam(config={"theta": LocScaleReparam(0)})\n',
        "from numpyro.infer.reparam import LocScaleReparam\n",
    ),
    "neither": (
        "from numpyro import sample\nfrom numpyro import distributions as dist\n",
        "sample",
        '@handlers.reparam(config={"theta": LocScaleReparam(0)})\n',
        "from numpyro import handlers\nfrom numpyro.infer.reparam import LocScaleReparam\n",
    ),
    "module of reparameterisers": (
        (
            "from numpyro import sample, handlers, distributions as dist\n"
            "from numpyro.infer import reparam\n"
        ),
        "sample",
        '@handlers.reparam(config={"theta": reparam.LocScaleReparam(0)})\n',
        "",
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_uses_the_imports_that_the_file_has(style: str) -> None:
    head, sample, decorator, imports = STYLES[style]
    body = BODY.format(sample=sample, dist="dist")
    assert funnels(head + body) == ["theta"]
    new = mended(head + body)
    assert new == head + imports + body.replace("def model", decorator + "def model")
    assert funnels(new) == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.trace
def test_the_new_text_runs(style: str) -> None:
    from numpyro import handlers as numpyro_handlers

    head, sample, _, _ = STYLES[style]
    new = mended(head + BODY.format(sample=sample, dist="dist"))
    assert new is not None
    scope: dict[str, object] = {}
    exec(compile(new, "model.py", "exec"), scope)
    trace = numpyro_handlers.trace(numpyro_handlers.seed(scope["model"], 0)).get_trace()
    assert list(trace) == ["tau", "theta_decentered", "theta", "obs"]


@pytest.mark.trace
def test_eight_schools_is_decentred() -> None:
    import jax.numpy as jnp
    from numpyro import handlers

    text = load(str(EXAMPLES / "eight_schools.py")).text
    new = mended(text, name="eight_schools")
    assert new is not None
    added = [line for line in new.splitlines() if line not in text.splitlines()]
    assert len(added) == 1
    scope: dict[str, object] = {"__name__": "eight"}
    exec(compile(new, "eight_schools.py", "exec"), scope)
    seeded = handlers.seed(scope["eight_schools"], 0)
    trace = handlers.trace(seeded).get_trace(8, jnp.ones(8), y=jnp.zeros(8))
    kinds = {name: site["type"] for name, site in trace.items() if name != "J"}
    assert kinds == {
        "mu": "sample",
        "tau": "sample",
        "theta_decentered": "sample",
        "theta": "deterministic",
        "obs": "sample",
    }


HEAD = "import numpyro\nimport numpyro.distributions as dist\nfrom numpyro import handlers\n"
IMPORTED = HEAD + "from numpyro.infer.reparam import LocScaleReparam\n"
MODEL = BODY.format(sample="numpyro.sample", dist="dist").lstrip("\n")


def test_a_configuration_that_is_too_long_has_a_line_for_each_site() -> None:
    config = dict.fromkeys((f"a_rather_long_name_{n}" for n in range(3)), "LocScaleReparam(0)")
    fix = reparam_fix(Source("m.py", IMPORTED + MODEL), len(IMPORTED), config)
    assert fix is not None
    rows = "".join(f'        "{name}": {each},\n' for name, each in config.items())
    assert fix.edits[0].text == f"@handlers.reparam(\n    config={{\n{rows}    }}\n)\n"


def test_joins_a_configuration_on_one_line() -> None:
    one = '@handlers.reparam(config={"eta": LocScaleReparam(0)})\n'
    two = '@handlers.reparam(config={"eta": LocScaleReparam(0), "theta": LocScaleReparam(0)})\n'
    assert mended(IMPORTED + one + MODEL) == IMPORTED + two + MODEL


def test_joins_a_configuration_on_several_lines_and_keeps_its_comments() -> None:
    entry = '        "eta": LocScaleReparam(0.5),  # learned\n'
    one = "@handlers.reparam(\n    config={\n" + entry + "    }\n)\n"
    two = one.replace("# learned\n", '# learned\n        "theta": LocScaleReparam(0),\n')
    assert mended(IMPORTED + one + MODEL) == IMPORTED + two + MODEL


def test_a_configuration_that_is_no_display_gets_a_decorator_below_it() -> None:
    head = IMPORTED + "table = {}\n@handlers.reparam(config=table)\n"
    new = '@handlers.reparam(config={"theta": LocScaleReparam(0)})\n'
    assert mended(head + MODEL) == head + new + MODEL


def test_stands_inside_a_scope() -> None:
    head = IMPORTED + '@handlers.scope(prefix="a")\n'
    new = '@handlers.reparam(config={"theta": LocScaleReparam(0)})\n'
    assert mended(head + MODEL) == head + new + MODEL


def test_what_is_there_already_is_left() -> None:
    head = IMPORTED + "@handlers.reparam(config={'theta': LocScaleReparam(0)})\n"
    assert mended(head + MODEL) is None


def test_keeps_quotes_line_ends_and_text_around() -> None:
    text = (IMPORTED + "\n\n# A remark.\n" + MODEL).replace('"', "'").replace("\n", "\r\n")
    new = mended(text)
    line = "@handlers.reparam(config={'theta': LocScaleReparam(0)})\r\n"
    assert new == text.replace("def model", line + "def model")


def test_shape_parameters_are_kept() -> None:
    new = mended(IMPORTED + MODEL, {"theta": 'LocScaleReparam(0, shape_params=["df"])'})
    assert new is not None
    assert '{"theta": LocScaleReparam(0, shape_params=["df"])}' in new


def test_imports_below_the_model_do_not_count() -> None:
    head = '"""What this is."""\n'
    text = head + MODEL.replace("numpyro.", "") + "import numpyro\n"
    new = mended(text)
    assert new is not None
    assert new.startswith(head + "from numpyro import handlers\n")


def test_a_name_that_means_something_else_is_not_taken() -> None:
    text = "from numpyro import sample\nhandlers = LocScaleReparam = reparam = 3\n" + MODEL
    new = mended(text)
    assert new is not None
    assert "@numpyro.handlers.reparam(" in new
    assert new.count("import numpyro\n") == 1


def test_an_inner_definition_is_indented() -> None:
    inner = "".join(f"    {line}\n" for line in MODEL.splitlines())
    text = IMPORTED + "\n\ndef build():\n" + inner + "    return model\n"
    new = mended(text)
    line = '    @handlers.reparam(config={"theta": LocScaleReparam(0)})\n'
    assert new == text.replace("    def model", line + "    def model")


def test_a_method_is_left() -> None:
    inner = "".join(f"    {line}\n" for line in MODEL.splitlines())
    assert mended(IMPORTED + "class Model:\n" + inner) is None


@pytest.mark.parametrize("text", [IMPORTED + MODEL + "(", "def model(): \x00"])
def test_broken_text_is_left(text: str) -> None:
    assert reparam_fix(Source("model.py", text), text.index("def model"), CONFIG) is None


def cells(*texts: str) -> str:
    code = [{"cell_type": "code", "source": text} for text in texts]
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "# A"}, *code]})


def test_in_a_notebook_magics_and_broken_cells_are_kept() -> None:
    magic = "%matplotlib inline\n" + IMPORTED
    source = notebook("models.ipynb", cells(magic, "this is broken (", "!ls\n" + MODEL))
    fix = reparam_fix(source, source.text.index("def model"), CONFIG)
    assert fix is not None
    line = '@handlers.reparam(config={"theta": LocScaleReparam(0)})\n'
    assert applied(source.text, fix.edits) == source.text.replace("def model", line + "def model")


def test_a_broken_cell_of_a_notebook_is_left() -> None:
    source = notebook("models.ipynb", cells(IMPORTED, MODEL + "("))
    assert reparam_fix(source, source.text.index("def model"), CONFIG) is None


@pytest.mark.parametrize(
    ("shaped", "is_fixed"),
    [
        ("dist.Normal(0.0, tau), sample_shape=(8,)", False),
        ("dist.Normal(0.0, tau).expand([8])", True),
    ],
)
def test_a_site_that_would_lose_its_sample_shape_is_left_alone(shaped: str, is_fixed: bool) -> None:
    text = (
        f"{PREAMBLE}def model(y=None):\n"
        '    tau = numpyro.sample("tau", dist.HalfNormal(5.0))\n'
        f'    theta = numpyro.sample("theta", {shaped})\n'
        '    numpyro.sample("y", dist.Normal(theta, 10.0).to_event(1), obs=y)\n'
    )
    (found,) = (e for e in check(Source("model.py", text)).diagnostics if e.rule == "funnel")
    assert (fix_of(found) is not None) is is_fixed
    assert (".expand in place of sample_shape" in found.message) is not is_fixed
