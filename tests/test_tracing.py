"""Where the arguments of a trace come from, and what of a file is run for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.lift import lift
from numpyro_lint.slicing import Slicer
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source, load
from numpyro_lint.tracing import trace_models, value_models
from numpyro_lint_runtime.host import Host

IMPORTS = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS, Predictive

"""
LINE = """
def line(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("points", x.shape[0]):
        numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)
"""
# What nobody can make up.
ODD = """
def odd(x):
    numpyro.sample("a", dist.Normal(x.loc("b").at(3)["c"].d(4), 1.0))
"""
Trace = Callable[..., dict[str, Attached]]


@pytest.fixture
def trace(tracer: Host, tmp_path: Path) -> Trace:
    """Traces the models of a text, as a file; by name."""

    def run(text: str, settings: Settings | None = None) -> dict[str, Attached]:
        path = tmp_path / "program.py"
        path.write_text(text)
        module = lift(Source(str(path), text))
        found = trace_models(module, settings or Settings(), tracer)
        return {module.functions[each.function].name: each for each in found}

    return run


def shapes(attached: Attached) -> dict[str, tuple[int, ...] | None]:
    assert attached.ok, attached.result.failure
    return {each.traced.name: each.traced.shape for each in attached.sites}


def test_arguments_of_a_call(trace: Trace) -> None:
    text = IMPORTS + LINE + "\nmcmc = MCMC(NUTS(line), num_warmup=1, num_samples=1)\n"
    line = trace(text + "mcmc.run(jax.random.key(0), jnp.zeros(7), y=jnp.ones(7))\n")["line"]
    assert shapes(line)["y"] == (7,)
    assert line.origin.kind == "call"
    assert dict(line.origin.values) == {"x": "jnp.zeros(7)", "y": "jnp.ones(7)"}


def test_arguments_that_svi_is_built_with(trace: Trace) -> None:
    text = IMPORTS + LINE + "\nsvi = numpyro.infer.SVI(line, print, None, None, y=jnp.ones(7))\n"
    line = trace(text + "svi.run(jax.random.key(0), 5, jnp.zeros(7))\n")["line"]
    assert shapes(line)["y"] == (7,)
    assert dict(line.origin.values) == {"x": "jnp.zeros(7)", "y": "jnp.ones(7)"}


def test_arguments_of_a_comment(trace: Trace) -> None:
    comment = "# numpyro-lint: trace(x=jnp.zeros(\n#     5), y=None)\n"
    text = IMPORTS + comment + LINE.lstrip() + "\nPredictive(line)(jax.random.key(0), jnp.ones(9))"
    line = trace(text)["line"]
    assert line.origin.kind == "comment"
    assert shapes(line)["y"] == (5,)


def test_arguments_of_the_configuration(trace: Trace) -> None:
    settings = Settings(models={"program.py:line": {"x": "jnp.zeros(4)"}})
    line = trace(IMPORTS + LINE, settings)["line"]
    assert line.origin.kind == "config"
    assert shapes(line)["y"] == (4,)


def test_without_arguments(trace: Trace) -> None:
    text = IMPORTS + 'def free():\n    numpyro.sample("a", dist.Normal(0.0, 1.0))\n'
    free = trace(text)["free"]
    assert free.origin.kind == "none"
    assert shapes(free) == {"a": ()}


def test_a_model_in_a_function_is_the_one_before_its_use(trace: Trace) -> None:
    text = IMPORTS + (
        "def test():\n"
        "    def first():\n"
        '        numpyro.sample("a", dist.Normal(0.0, 1.0))\n'
        "    check(first)\n"
        "    def first():\n"
        '        numpyro.sample("b", dist.Normal(0.0, 1.0))\n'
        "    check(first)\n"
    )
    module = lift(Source("program.py", text))
    keys = sorted(key for key, each in module.functions.items() if each.name == "first")
    slicer = Slicer(module, parse(module.source))
    for key, line in zip(keys, (9, 12), strict=True):
        (plan,), _ = slicer.plans(module.functions[key], None, 0, 20.0)
        (scope,) = plan.request.scopes
        assert [each.line for each in scope.statements] == [line]


def test_a_model_whose_name_is_given_to_a_stack_is_traced_bare(trace: Trace) -> None:
    text = IMPORTS + (
        "def model():\n"
        '    numpyro.sample("a", dist.Normal(0.0, 1.0))\n\n'
        'model = handlers.condition(handlers.seed(model, 0), {"a": 1.0})\n'
        "handlers.trace(model).get_trace()\n"
    )
    (site,) = trace(text)["model"].sites
    assert not site.traced.observed


def test_globals_are_those_of_the_first_use(trace: Trace) -> None:
    text = (
        IMPORTS
        + """
n = 2


def free():
    numpyro.sample("a", dist.Normal(jnp.zeros(n), 1.0).to_event(1))


explore(free)
n = 5
"""
    )
    assert shapes(trace(text)["free"]) == {"a": (2,)}


def test_no_arguments_in_sight_says_what_would_help(trace: Trace) -> None:
    odd = trace(IMPORTS + ODD)["odd"]
    assert not odd.ok
    assert odd.result.failure is not None
    assert "# numpyro-lint: trace(" in (odd.result.failure.advice or "")


def test_what_annotations_name_is_needed(trace: Trace) -> None:
    text = "from typing import Any\n" + IMPORTS
    text += "def free(*args: Any, **kwargs: Any) -> Any:\n"
    assert trace(text + '    numpyro.sample("a", dist.Normal(0.0, 1.0))\n')["free"].ok


def test_only_what_is_needed_is_run(trace: Trace, tmp_path: Path) -> None:
    loud = f"open({str(tmp_path / 'made')!r}, 'w')\nimport no_such_package\n"
    text = IMPORTS + loud + LINE + "\nn = 3\nx = jnp.zeros(n)\nn = no_such_package.f()\n"
    line = trace(text + "handlers.trace(handlers.seed(line, 0)).get_trace(x)\n")["line"]
    assert shapes(line)["points"] == (3,)
    assert not (tmp_path / "made").exists()


def test_results_of_inference_are_not_waited_for(trace: Trace) -> None:
    text = (
        IMPORTS
        + LINE
        + """
mcmc = MCMC(NUTS(line), num_warmup=10**9, num_samples=1)
if __name__ == "__main__":
    mcmc.run(jax.random.key(0), jnp.zeros(6), y=jnp.ones(6))
    samples = mcmc.get_samples()
    Predictive(line, samples)(jax.random.key(1), samples["slope"])
"""
    )
    line = trace(text)["line"]
    assert shapes(line)["y"] == (6,)


def test_a_call_that_rests_on_inference_gives_way_to_the_next(trace: Trace) -> None:
    text = (
        IMPORTS
        + LINE
        + """
other = MCMC(NUTS(line), num_warmup=10**9, num_samples=1)
found = other.get_samples()["slope"]
Predictive(line, {})(jax.random.key(1), found)
Predictive(line, {})(jax.random.key(1), jnp.zeros(8))
"""
    )
    assert shapes(trace(text)["line"])["points"] == (8,)


def test_locals_of_main_and_parsed_arguments(trace: Trace) -> None:
    text = (
        "import argparse\n"
        + IMPORTS
        + LINE
        + """
def run(kernel, key):
    raise RuntimeError("inference is not run")


def main(args):
    size = args.points + 1
    x = jnp.zeros(size)
    run(None, None)
    mcmc = MCMC(NUTS(line), num_warmup=args.warmup, num_samples=1)
    mcmc.run(jax.random.key(0), x, y=jnp.ones(size))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=10)
    args = parser.parse_args()
    main(args)
"""
    )
    assert shapes(trace(text)["line"])["y"] == (11,)


def test_star_imports(trace: Trace) -> None:
    text = IMPORTS + (
        "from numpyro.handlers import *\n"
        "def model():\n"
        "    with scope(prefix='a'):\n"
        "        numpyro.sample('x', dist.Normal(0, 1))\n"
    )
    assert shapes(trace(text)["model"]) == {"a/x": ()}


def test_a_model_of_a_factory(trace: Trace) -> None:
    text = (
        IMPORTS
        + """
def make(width):
    def inner():
        numpyro.sample("w", dist.Normal(jnp.zeros(width), 1.0).to_event(1))
    return inner


model = make(3)
Predictive(model, num_samples=2)(jax.random.key(0))
"""
    )
    assert shapes(trace(text)["inner"]) == {"w": (3,)}


def test_a_method(trace: Trace) -> None:
    text = (
        IMPORTS
        + """
class Growth:
    def __init__(self, size):
        self.size = size

    def model(self, y=None):
        rate = numpyro.sample("rate", dist.HalfNormal(1.0))
        with numpyro.plate("days", self.size):
            numpyro.sample("y", dist.Poisson(rate), obs=y)


growth = Growth(4)
MCMC(NUTS(growth.model), num_warmup=1, num_samples=1).run(jax.random.key(0))
"""
    )
    assert shapes(trace(text)["model"])["y"] == (4,)


def test_a_method_that_runs_a_method(trace: Trace) -> None:
    text = (
        IMPORTS
        + """
class Line:
    def model(self, x, y=None):
        slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)

    def fit(self, x, y, key):
        mcmc = MCMC(NUTS(self.model), num_warmup=10**9, num_samples=1)
        mcmc.run(key, x, y=y)


line = Line()
line.fit(jnp.zeros(4), jnp.ones(4), jax.random.key(0))
"""
    )
    assert shapes(trace(text)["model"])["y"] == (4,)


def test_a_failure_in_the_slice_names_its_line(trace: Trace) -> None:
    text = IMPORTS + ODD + "\nx = jnp.zeros(3) / undefined\nPredictive(odd)(jax.random.key(0), x)\n"
    failure = trace(text)["odd"].result.failure
    assert failure is not None
    assert (failure.stage, failure.exception) == ("slice", "NameError")
    assert failure.position is not None
    assert text.splitlines()[failure.position.line - 1].startswith("x = jnp")


def test_a_notebook_uses_the_latest_definition_before(tracer: Host) -> None:
    source = load(str(Path(__file__).parents[1] / "examples/radon_like.ipynb"))
    module = lift(source)
    traced = sorted(trace_models(module, Settings(), tracer), key=lambda each: each.function)
    assert all(each.ok for each in traced)
    first, second = ({j.traced.name for j in each.sites} for each in traced)
    assert "districts" not in first
    assert "districts" in second


def test_x64_of_one_file_does_not_reach_the_next(trace: Trace) -> None:
    wide = IMPORTS + 'numpyro.enable_x64()\ndef a():\n    numpyro.sample("a", dist.Normal(0, 1))\n'
    plain = IMPORTS + 'def b():\n    numpyro.sample("b", dist.Normal(0, 1))\n'
    (a,) = trace(wide)["a"].sites
    (b,) = trace(plain)["b"].sites
    assert (a.traced.dtype, b.traced.dtype) == ("float64", "float32")


def test_a_helper_module_that_was_edited_is_seen(trace: Trace, tmp_path: Path) -> None:
    helper = tmp_path / "priors_of_this_test.py"
    text = IMPORTS + (
        "from priors_of_this_test import NAME\n"
        "def model():\n    numpyro.sample(NAME, dist.Normal(0, 1))\n"
    )
    names = []
    for name in ("before", "after"):
        helper.write_text(f"NAME = {name!r}\n")
        (site,) = trace(text)["model"].sites
        names.append(site.traced.name)
    assert names == ["before", "after"]


def test_an_interpreter_without_numpyro_is_said_once_for_each_model(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "$@"\n')
    python.chmod(0o755)
    source = Source("program.py", IMPORTS + 'def m():\n    numpyro.sample("a", dist.Normal())\n')
    with Host(str(python)) as host:
        (attached,) = trace_models(lift(source), Settings(), host)
    assert attached.result.failure is not None
    assert attached.result.failure.stage == "start"
    assert "numpyro" in attached.result.failure.message.lower()


def test_values_come_after_the_traces_and_change_none(tracer: Host, tmp_path: Path) -> None:
    text = (
        "import jax\nimport numpyro\nimport numpyro.distributions as dist\n"
        "from numpyro.infer import MCMC, NUTS\n\n\n"
        "def model(y):\n"
        '    level = numpyro.sample("level", dist.Normal(0.0, 1.0))\n'
        '    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)\n\n\n'
        "MCMC(NUTS(model), num_warmup=5, num_samples=5).run(jax.random.key(0), 1.5)\n"
    )
    source = Source(str(tmp_path / "m.py"), text)
    module = lift(source)
    traces = list(trace_models(module, Settings(timeout=60.0), tracer))
    assert [(each.ok, each.values) for each in traces] == [(True, None)]
    (valued,) = value_models(module, traces, tracer)
    assert valued.values is not None
    assert (valued.values.valid, valued.result) == (16, traces[0].result)
    values = {each.traced.name: each.traced.value for each in valued.sites}
    assert isinstance(values["level"], float)
    assert {each.traced.value for each in traces[0].sites if each.traced.name == "level"} == {None}
