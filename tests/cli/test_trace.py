"""`analyze trace FILE:MODEL`: histories, shapes, and what is said where it cannot be done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpyro
import pytest
from numpyro import handlers

from numpyro_lint.cli.files import UsageError
from numpyro_lint.cli.shapes import shapes
from numpyro_lint.cli.trace import chosen, split
from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached, sorted_out
from numpyro_lint.model.history import history
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source, notebook
from numpyro_lint.tracing import trace_file, trace_models
from numpyro_lint_runtime.host import Host

Analyze = Callable[..., tuple[int, str, str]]

IMPORTS = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

"""
LINE = """\
def line(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    width = numpyro.param("width", 1.0)
    with numpyro.plate("points", x.shape[0]):
        numpyro.sample("y", dist.Normal(slope * x, width), obs=y)

"""
SHAPED = {
    "nothing": "    pass\n",
    "scalars": '    numpyro.sample("a", dist.Normal(0.0, 1.0))\n',
    "params": (
        '    p = numpyro.param("p", jnp.ones((3, 20)))\n'
        '    numpyro.param("scalar", 1.0)\n'
        '    numpyro.sample("a", dist.Normal(p, 1.0).to_event(1))\n'
    ),
    "plates": (
        '    with numpyro.plate("rows", 10, dim=-2):\n'
        '        with numpyro.plate("columns", 3):\n'
        '            numpyro.sample("y", dist.MultivariateNormal(jnp.zeros(4), jnp.eye(4)))\n'
    ),
    "observed": (
        "    y = jnp.zeros((7, 2))\n"
        '    numpyro.sample("y", dist.Normal(jnp.zeros(2), 1.0).to_event(1), obs=y)\n'
        '    numpyro.sample("column", dist.Normal(jnp.zeros(7), 1.0), obs=jnp.zeros((7, 1)))\n'
    ),
    "subsampled": (
        '    with numpyro.plate("data", 100, subsample_size=10):\n'
        '        numpyro.sample("z", dist.Dirichlet(jnp.ones(5)))\n'
    ),
    "factors": (
        '    a = numpyro.sample("a", dist.Normal(jnp.zeros(3), 1.0))\n'
        '    numpyro.factor("f", a)\n'
        '    numpyro.deterministic("d", a)\n'
    ),
    "hidden": (
        '    with handlers.block(hide=["a"]):\n'
        '        numpyro.sample("a", dist.Normal(0.0, 1.0))\n'
        '        numpyro.sample("b", dist.Normal(0.0, 1.0))\n'
    ),
    "masked": (
        "    with handlers.mask(mask=jnp.array([True, False, True])):\n"
        '        numpyro.sample("a", dist.Normal(jnp.zeros(3), 1.0))\n'
    ),
    "scanned": (
        "    def step(carry, _):\n"
        '        z = numpyro.sample("z", dist.Normal(carry, 1.0))\n'
        "        return z, None\n"
        "    scan(step, 0.0, jnp.arange(6))\n"
    ),
    "discrete": (
        '    with numpyro.plate("n", 4):\n'
        '        c = numpyro.sample("c", dist.Categorical(jnp.ones(3) / 3))\n'
        '        numpyro.sample("m", dist.Multinomial(5, jnp.ones(3) / 3))\n'
    ),
    "matrices": (
        '    numpyro.sample("l", dist.LKJCholesky(3, 1.0))\n'
        '    numpyro.sample("e", dist.Normal(0.0, 1.0).expand([2, 5]).to_event(1))\n'
    ),
}  # fmt: skip


def traced(text: str, tracer: Host) -> Attached:
    (trace,) = trace_models(lift(Source("program.py", text)), Settings(), tracer)
    assert trace.ok, trace.result.failure
    return trace


@pytest.mark.parametrize("name", SHAPED)
def test_shapes_are_those_of_format_shapes(name: str, tracer: Host) -> None:
    text = f"{IMPORTS}def model():\n{SHAPED[name]}\n\nhandlers.seed(model, 0)()\n"
    ours = shapes(traced(text, tracer)) if name != "nothing" else []
    variables: dict[str, Any] = {}
    exec(text, variables)
    found = handlers.trace(handlers.seed(variables["model"], jax.random.key(0))).get_trace()
    theirs = numpyro.util.format_shapes(found, compute_log_prob=True) if found else ""
    assert ours == [line.rstrip() for line in theirs.splitlines()]


def histories(stack: str, tracer: Host) -> dict[str, list[str]]:
    """What is told of the sites of `line` in a stack."""
    text = f"{IMPORTS}{LINE}\nx = jnp.zeros(3)\n{stack}\n"
    _, stacks = sorted_out(trace_file(lift(Source("program.py", text)), Settings(), tracer))
    (trace,) = stacks.values()
    assert trace.ok, trace.result.failure
    return {j.traced.name: history(j.traced) for j in trace.sites}


def test_each_handler_is_told(tracer: Host) -> None:
    found = histories(
        "inner = handlers.scope(handlers.scale(line, scale=2.0), prefix='s')\n"
        "inner = handlers.substitute(inner, {'s/slope': 2.0, 's/width': 3.0})\n"
        "inner = handlers.condition(inner, {'s/slope': 5.0})\n"
        "handlers.seed(handlers.mask(inner, mask=False), 0)(x)",
        tracer,
    )
    assert found["s/slope"] == [
        "scaled by scale: 2.0",
        "renamed by scope: slope -> s/slope",
        "set by substitute to 2.0",
        "overwritten by condition: 2.0 -> 5.0",
        "masked by mask",
    ]
    assert found["s/width"] == [
        "starts at its initial value",
        "scaled by scale: 2.0",
        "renamed by scope: width -> s/width",
        "set by substitute to 3.0",
    ]
    assert found["s/y"][-1] == "drawn from its prior Normal"


def test_observations_and_what_frees_them(tracer: Host) -> None:
    free = histories("handlers.uncondition(handlers.seed(line, 0))(x, y=x)", tracer)
    assert free["y"] == [
        "observed: obs= gives its value",
        "freed by uncondition: what it observes is drawn",
        "drawn from its prior Normal",
    ]


def test_interventions_keep_the_site(tracer: Host) -> None:
    found = histories("handlers.seed(handlers.do(line, {'slope': 1.0}), 0)(x)", tracer)
    assert found["slope"] == ["drawn from its prior Normal"]
    assert found["slope__CF"] == [
        "intervened by do: set to 1.0",
        "kept by do beside the site itself: slope -> slope__CF",
    ]


def test_reparameterised_lifted_and_hidden(tracer: Host) -> None:
    found = histories(
        "inner = handlers.reparam(line, {'slope': LocScaleReparam(0)})\n"
        "inner = handlers.lift(inner, {'width': dist.HalfNormal()})\n"
        "handlers.block(handlers.seed(inner, 0), hide=['y'])(x)",
        tracer,
    )
    assert found["slope"] == [
        "reparameterised by reparam: becomes a deterministic of the sites that it makes"
    ]
    assert found["slope_decentered"] == ["drawn from its prior Normal"]
    assert found["width"] == [
        "lifted by lift: a param becomes a sample",
        "drawn from the HalfNormal that lift gives it",
    ]
    assert found["y"] == ["hidden by block", "drawn from its prior Normal"]


def test_replayed_and_subsampled(tracer: Host) -> None:
    text = IMPORTS + (
        "def model():\n"
        '    with numpyro.plate("n", 8, subsample_size=2):\n'
        '        numpyro.sample("a", dist.Normal(0.0, 1.0))\n\n'
        "earlier = dict(type='sample', value=jnp.zeros(2), is_observed=False, infer={})\n"
        "handlers.seed(handlers.replay(model, {'a': earlier}), 0)()\n"
    )
    _, stacks = sorted_out(trace_file(lift(Source("program.py", text)), Settings(), tracer))
    (trace,) = stacks.values()
    assert trace.ok, trace.result.failure
    (told,) = [history(j.traced) for j in trace.sites if j.traced.name == "a"]
    assert told == [
        "subsampled by plate, which scales it: 4.0",
        "replayed: takes float32[2] from the replayed trace",
    ]


@pytest.fixture(name="program")
def _program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(
        IMPORTS
        + LINE
        + "def other():\n"
        + '    numpyro.sample("b", dist.Normal(0.0, 1.0))\n\n'
        + "x = jnp.zeros(3)\n"
        + "handlers.seed(line, 0)(x)\n"
        + 'handlers.seed(handlers.scope(line, prefix="s"), 0)(x)\n'
    )
    return path


def test_the_report_of_a_model(program: Path, analyze: Analyze) -> None:
    status, output, errors = analyze("trace", f"{program}:line", "--python", _python())
    assert (status, errors) == (0, "")
    assert "model line (line 10), traced as it is called in this file" in output
    assert "    slope (sample, line 11)\n      drawn from its prior Normal" in output
    assert "      renamed by scope: slope -> s/slope" in output
    assert "loc: slope; scale: width" in output
    assert "stack seed(scope(line)) (line 21)" in output
    assert "model other" not in output
    assert "\x1b[" not in output


def test_one_stack_by_its_line(program: Path, analyze: Analyze) -> None:
    arguments = ("trace", f"{program}:line", "--line", "21", "--python", _python())
    status, output, _ = analyze(*arguments)
    assert status == 0
    assert output.startswith("stack seed(scope(line)) (line 21)")
    assert output.count("stack ") == 1
    status, output, _ = analyze(*arguments, "--output-format", "json")
    stack = json.loads(output)
    assert stack["handlers"] == ["seed", "scope"]
    assert [site["name"] for site in stack["traced"]] == [
        "s/slope", "s/width", "s/points", "s/y",
    ]  # fmt: skip


def test_json_is_the_model(program: Path, analyze: Analyze) -> None:
    given = ("--output-format", "json", "--python", _python())
    status, output, _ = analyze("trace", f"{program}:line", "--seed", "3", *given)
    model = json.loads(output)
    assert (status, model["name"], model["trace"]["seed"]) == (0, "line", 3)
    status, output, _ = analyze("trace", str(program), *given)
    assert [each["name"] for each in json.loads(output)] == ["line", "other"]


def test_a_model_that_is_not_traced_is_told_by_the_status(tmp_path: Path, analyze: Analyze) -> None:
    path = tmp_path / "program.py"
    path.write_text(IMPORTS + "def model():\n    numpyro.sample('a', dist.Normal(no_such, 1.0))\n")
    status, output, _ = analyze("trace", f"{path}:model", "--python", _python())
    assert status == 1
    assert "not traced: NameError" in output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("program.py:lime",), "there is no model 'lime' in this file; there are line, other"),
        (("missing.py:line",), "missing.py: No such file"),
        (("program.py:line", "--line", "7"), "no stack stands at line 7; there are some at 20, 21"),
        (("program.py:line", "--python", "/no/python"), "--python: /no/python is no file"),
    ],
)
def test_wrong_usage(
    program: Path, analyze: Analyze, arguments: tuple[str, ...], said: str
) -> None:
    status, output, errors = analyze("trace", *arguments, cwd=program.parent)
    assert (status, output) == (2, "")
    assert said in errors


def test_the_last_colon_splits(tmp_path: Path) -> None:
    assert split("a.py:m") == ("a.py", "m")
    assert split("a:b.py:m@3") == ("a:b.py", "m@3")
    assert split("a.py") == ("a.py", "")
    assert split("C:/folder/a.py") == ("C:/folder/a.py", "")
    odd = tmp_path / "a.py:m"
    odd.write_text("")
    assert split(str(odd)) == (str(odd), "")


def _names(source: Source, name: str) -> list[tuple[str, int]]:
    functions = chosen(lift(source), name)
    return [(each.qualname, source.line(each.span.start)) for each in functions]


def test_models_of_one_name_are_told_apart() -> None:
    cell = "def model():\n    numpyro.sample('a', dist.Normal())\n"
    cells = [IMPORTS, cell, "1", cell]
    code = [{"cell_type": "code", "source": text} for text in cells]
    source = notebook("n.ipynb", json.dumps({"nbformat": 4, "cells": code}))
    with pytest.raises(UsageError, match="may be any of model@1, model@3; say which"):
        chosen(lift(source), "model")
    assert len(_names(source, "model@3")) == 1
    assert len(_names(source, "")) == 2
    script = Source("s.py", IMPORTS + cell + cell)
    assert _names(script, "model@12") == [("model", 12)]


def _python() -> str:
    import sys

    return sys.executable
