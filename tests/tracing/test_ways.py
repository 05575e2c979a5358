"""The ways that lead to where a model is run, and what is said where none does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.lift import lift
from numpyro_lint.model.project import Project
from numpyro_lint.syntax.blocks import Unusable
from numpyro_lint.synthesis import Synthesizer
from numpyro_lint.text import load
from numpyro_lint.tracing import trace_models
from numpyro_lint_runtime.host import Host

pytestmark = pytest.mark.trace

IMPORTS = """\
import argparse
import functools
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS, SVI, Predictive, Trace_ELBO

"""
LINE = """
def line(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("points", x.shape[0]):
        numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


def flat(x, y=None):
    with numpyro.plate("points", x.shape[0]):
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)

"""
RUN = """
def run(model, args, key, *data, **more):
    mcmc = MCMC(NUTS(model), num_warmup=args.num_warmup, num_samples=10**9)
    mcmc.run(key, *data, **more)
    return mcmc.get_samples()

"""
Trace = Callable[..., dict[str, Attached]]


@pytest.fixture
def trace(tracer: Host, tmp_path: Path) -> Trace:
    """Traces the models of a text, as a file; by name."""

    def traced(text: str, name: str = "program.py") -> dict[str, Attached]:
        path = tmp_path / name
        path.write_text(text)
        module = lift(load(str(path)), project=Project())
        found = trace_models(module, Settings(), tracer)
        return {module.functions[each.function].name: each for each in found}

    return traced


@pytest.fixture(autouse=True)
def _nothing_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has models that no way leads to say so."""

    def plan(*_: object) -> NoReturn:
        raise Unusable("nothing is made up here")

    monkeypatch.setattr(Synthesizer, "plan", plan)


def points(attached: Attached) -> tuple[int, ...] | None:
    """The shape of the observations of LINE's models."""
    assert attached.ok, attached.result.failure
    assert attached.origin.kind == "call"
    return {each.traced.name: each.traced.shape for each in attached.sites}["y"]


def reason(attached: Attached) -> str:
    assert not attached.ok
    assert attached.result.failure is not None
    return attached.result.failure.message


def test_a_function_runs_the_model_that_it_is_given(trace: Trace) -> None:
    text = RUN + "def main(args):\n    x = jnp.zeros(5)\n    run(line, args, None, x, y=x)\n"
    found = trace(IMPORTS + LINE + text + "main(None)\n")
    assert points(found["line"]) == (5,)
    assert reason(found["flat"]) != ""


def test_through_several_functions(trace: Trace) -> None:
    text = (
        RUN
        + """
def outer(which, n):
    return inner(which, jnp.zeros(n))


def inner(which, x):
    unused = undefined_name()
    return run(which, None, None, x)


def main():
    size = 3
    outer(flat, size)
    outer(line, size + 1)


main()
"""
    )
    found = trace(IMPORTS + LINE + text)
    assert (points(found["flat"]), points(found["line"])) == ((3,), (4,))


def test_arguments_in_a_sequence_whose_items_are_known(trace: Trace) -> None:
    text = """
def fit(model, x, y):
    MCMC(NUTS(model), num_warmup=1, num_samples=10**9).run(jax.random.key(0), x, y)


both = (jnp.zeros(5), jnp.ones(5))
everything = [jax.random.key(0), jnp.zeros(3), jnp.ones(3)]
more = dict(y=jnp.ones(3))
MCMC(NUTS(flat), num_warmup=1, num_samples=10**9).run(*everything)
fit(line, *both)
"""
    found = trace(IMPORTS + LINE + text)
    assert (points(found["flat"]), points(found["line"])) == ((3,), (5,))
    assert found["line"].origin.kind == found["flat"].origin.kind == "call"
    text = text.replace("run(*everything)", "run(*everything[:2], **more)")
    assert points(trace(IMPORTS + LINE + text)["flat"]) == (3,)


def test_what_is_not_in_sight_is_said(trace: Trace) -> None:
    text = """
def simulate(slope):
    fit(jnp.ones(3) * slope, line)


def fit(x, model):
    MCMC(NUTS(model), num_warmup=1, num_samples=10**9).run(jax.random.key(0), x)


jax.lax.map(lambda z: simulate(z), jnp.arange(3))


class Trend:
    def __init__(self, size):
        self.size = size

    def model(self, x):
        numpyro.sample("x", dist.Normal(jnp.zeros(self.size), 1.0))

    def fit(self, x):
        MCMC(NUTS(self.model), num_warmup=1, num_samples=10**9).run(jax.random.key(0), x)
"""
    found = trace(IMPORTS + LINE + text)
    said = {name: each.result.failure for name, each in found.items()}
    assert said["line"] is not None
    assert said["line"].message == "it is run with 'z', the parameter of a lambda"
    assert said["model"] is not None
    assert said["model"].message == "nothing in sight calls the method 'Trend.fit'"


def test_a_loop_over_models(trace: Trace) -> None:
    text = (
        RUN
        + """
models = {"flat": (flat, 2), "line": (line, 3)}
for name, (model, n) in models.items():
    x = jnp.zeros(n)
    samples = run(model, None, None, x)
    print(samples)
"""
    )
    found = trace(IMPORTS + LINE + text)
    assert (points(found["flat"]), points(found["line"])) == ((2,), (3,))


def test_branches_and_contexts_around_a_run(trace: Trace, tmp_path: Path) -> None:
    text = f"""
def main(verbose=False, mode="b"):
    key = jax.random.key(0)
    if mode == "a":
        with open({str(tmp_path / "log")!r}, "w") as log:
            x = jnp.zeros(4)
            MCMC(NUTS(line), num_warmup=1, num_samples=10**9).run(key, x)
    else:
        try:
            x = jnp.zeros(6)
            while True:
                MCMC(NUTS(flat), num_warmup=1, num_samples=10**9).run(key, x)
        finally:
            pass


main()
"""
    found = trace(IMPORTS + LINE + text)
    assert (points(found["line"]), points(found["flat"])) == ((4,), (6,))
    assert not (tmp_path / "log").exists()


def test_the_command_line_chooses_a_model(trace: Trace) -> None:
    text = (
        RUN
        + """
def main(args):
    model = flat if args.flat else globals()[args.model]
    run(model, args, None, jnp.zeros(args.n))


parser = argparse.ArgumentParser()
parser.add_argument("--model", default="line")
parser.add_argument("--flat", action="store_true")
parser.add_argument("--n", type=int, default=7)
main(parser.parse_args())
"""
    )
    found = trace(IMPORTS + LINE + text)
    assert (points(found["line"]), points(found["flat"])) == ((7,), (7,))


def test_the_command_line_has_names_of_its_own_for_models(trace: Trace) -> None:
    text = (
        RUN
        + """
MODELS = {"l": line, "f": flat}


def main(args):
    run(MODELS[args.model], args, None, jnp.zeros(3))


parser = argparse.ArgumentParser()
parser.add_argument("--model", nargs="?", default="l")
parser.add_argument("--name", default="x")
main(parser.parse_args())
"""
    )
    found = trace(IMPORTS + LINE + text)
    assert (points(found["line"]), points(found["flat"])) == ((3,), (3,))


def test_a_program_that_needs_a_command_line(trace: Trace) -> None:
    text = """
parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
parser.add_argument("--prior", required=True, choices=["a", "b"])
args = parser.parse_args()
Predictive(line, num_samples=1)(jax.random.key(0), jnp.ones(len(args.data)))
Predictive(flat, num_samples=1)(jax.random.key(0), jnp.ones(2))
"""
    found = trace(IMPORTS + LINE + text)
    assert "it requires --data" in reason(found["line"])
    assert points(found["flat"]) == (2,)


def test_what_a_decorator_gives_to_main(trace: Trace) -> None:
    click = "import click\n\n\n@click.command()\n@click.option('--n-points', '-n', default=4)\n"
    text = click + (
        "@click.option('--plot/--no-plot', default=False)\n"
        "def main(n_points, plot):\n"
        "    Predictive(line)(jax.random.key(0), jnp.zeros(n_points))\n\n\n"
        "import pytest\n\n\n"
        "@pytest.mark.parametrize('n, y', [(3, None), (5, 1.0)])\n"
        "def test_flat(n, y):\n"
        "    Predictive(flat)(jax.random.key(0), jnp.zeros(n), y)\n\n\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    found = trace(IMPORTS + LINE + text)
    assert (points(found["line"]), points(found["flat"])) == ((4,), (3,))


def test_methods_of_derived_classes(trace: Trace) -> None:
    text = """
class Base:
    def __init__(self, n):
        self.__n = n

    def prepare(self):
        self.x = jnp.zeros(self.__n)

    def fit(self, key):
        self.prepare()
        self.mcmc = MCMC(NUTS(self.model), num_warmup=1, num_samples=10**9)
        self.mcmc.run(key, self.x)
        self.samples = self.mcmc.get_samples()


class First(Base):
    def model(self, x):
        numpyro.sample("y", dist.Normal(x, 1.0))


class Second(Base):
    def other(self, x, y=None):
        numpyro.sample("y", dist.Normal(x, 2.0), obs=y)

    def fit(self, key):
        self.prepare()
        MCMC(NUTS(self.other), num_warmup=1, num_samples=10**9).run(key, self.x)


First(3).fit(jax.random.key(0))
second = Second(4)
second.fit(jax.random.key(0))
"""
    found = trace(IMPORTS + text)
    assert (points(found["model"]), points(found["other"])) == ((3,), (4,))


def test_wrapped_models_are_traced_bare(trace: Trace) -> None:
    text = """
def run(model):
    MCMC(NUTS(model), num_warmup=1, num_samples=10**9).run(jax.random.key(0), jnp.zeros(3))


run(handlers.condition(jax.jit(functools.partial(line, y=jnp.ones(3))), {"slope": 1.0}))
"""
    line = trace(IMPORTS + LINE + text)["line"]
    assert points(line) == (3,)
    assert {each.traced.name for each in line.sites if each.traced.observed} == {"y"}


def test_guides_have_the_arguments_of_their_svi(trace: Trace) -> None:
    text = """
def guide(x, y=None):
    loc = numpyro.param("loc", jnp.zeros(x.shape[0]))
    numpyro.sample("slope", dist.Normal(loc.mean(), 1.0))


svi = SVI(line, guide, numpyro.optim.Adam(0.1), Trace_ELBO())
state = svi.init(jax.random.key(0), jnp.zeros(9))
for _ in range(10**9):
    state, loss = jax.jit(svi.update)(state, jnp.zeros(9))
"""
    guide = trace(IMPORTS + LINE + text)["guide"]
    assert guide.ok
    assert guide.sites[0].traced.shape == (9,)


def test_what_the_model_itself_has_drawn(trace: Trace) -> None:
    text = """
prior = Predictive(line, num_samples=1)(jax.random.key(0), jnp.ones(3))
MCMC(NUTS(flat), num_warmup=1, num_samples=10**9).run(jax.random.key(1), prior["y"][0])
"""
    assert points(trace(IMPORTS + LINE + text)["flat"]) == (3,)


@pytest.mark.parametrize(
    "text",
    [
        "samples = run(line, None, jax.random.key(0), jnp.zeros(3))\n",
        "mcmc = MCMC(NUTS(line), num_warmup=1, num_samples=1)\n{}".format(
            "getattr(mcmc, 'run')(None, None)\nsamples = mcmc.get_samples()\n"
        ),
    ],
)
def test_inference_is_never_run(trace: Trace, text: str) -> None:
    used = "Predictive(flat, num_samples=1)(jax.random.key(0), samples['slope'])\n"
    assert "inference" in reason(trace(IMPORTS + LINE + RUN + text + used)["flat"])


def test_an_import_that_fails_costs_those_that_use_it(trace: Trace) -> None:
    text = """
import no_such_plots as plots
from no_such_frames import Frame

plots.style("dark")


def show(frame: Frame) -> plots.Figure:
    return plots.draw(frame)


def data(frame: Frame = None) -> Frame:
    return jnp.zeros(5)


Predictive(line)(jax.random.key(0), data())
Predictive(flat)(jax.random.key(0), Frame(3).values)
"""
    found = trace(IMPORTS + LINE + text)
    assert points(found["line"]) == (5,)
    failure = found["flat"].result.failure
    assert failure is not None
    assert (failure.stage, failure.exception) == ("import", "ModuleNotFoundError")
    assert "no_such_frames" in failure.message
    assert "install 'no_such_frames'" in (failure.advice or "")


def test_a_file_beside_the_program(trace: Trace, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "table.csv").write_text("x,y\n1.0,2.0\n2.0,1.0\n3.0,0.5\n")
    text = """
import pandas as pd


def read(name):
    frame = pd.read_csv(f"data/{name}.csv")
    frame["z"] = frame["x"] + frame["y"]
    return frame


frame = read("table")
frame.plot()
frame.to_csv("copy.csv")
Predictive(line)(jax.random.key(0), frame["z"].values)
Predictive(flat)(jax.random.key(0), read("other")["z"].values)
"""
    found = trace(IMPORTS + LINE + text)
    assert points(found["line"]) == (3,)
    failure = found["flat"].result.failure
    assert failure is not None
    assert failure.exception == "FileNotFoundError"
    assert not (tmp_path / "copy.csv").exists()


def test_what_is_refused_costs_those_that_need_it(trace: Trace) -> None:
    text = """
import os
import urllib.request

os.makedirs("results")
page = urllib.request.urlopen("http://127.0.0.1:9/table").read()
Predictive(line)(jax.random.key(0), jnp.zeros(4))
Predictive(flat)(jax.random.key(0), jnp.zeros(len(page)))
"""
    found = trace(IMPORTS + LINE + text)
    assert points(found["line"]) == (4,)
    failure = found["flat"].result.failure
    assert failure is not None
    assert failure.stage == "refused"
    assert "127.0.0.1" in failure.message


def test_a_file_of_the_project_runs_the_model(trace: Trace, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "fit.py").write_text(
        IMPORTS
        + "import program\nfrom program import flat as level\n"
        + RUN
        + "run(program.line, None, None, jnp.zeros(5), y=None)\n"
        + "for model in [level]:\n    run(model, None, None, jnp.zeros(6))\n"
    )
    found = trace(IMPORTS + LINE)
    assert (points(found["line"]), points(found["flat"])) == ((5,), (6,))
    assert all(each.span is not None and each.site is not None for each in found["line"].sites[1:])


def test_magics_that_run_what_they_time(trace: Trace) -> None:
    cells = [
        IMPORTS,
        LINE,
        "%time MCMC(NUTS(line), num_warmup=1, num_samples=10**9).run(None, jnp.zeros(2))",
        "%%time\n!ls\nmcmc = MCMC(NUTS(flat), num_warmup=1, num_samples=10**9)",
        "%timeit -n 1 pass\n%time mcmc.run(None, jnp.zeros(3))",
    ]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
             "source": cell} for cell in cells
        ],
    }  # fmt: skip
    found = trace(json.dumps(notebook), "notebook.ipynb")
    assert (points(found["line"]), points(found["flat"])) == ((2,), (3,))


def test_many_models_are_traced_by_one_process(trace: Trace) -> None:
    numbers = range(70)
    text = "".join(LINE.replace("line", f"line{n}").replace("flat", f"flat{n}") for n in numbers)
    calls = "".join(f"    run(line{n}, None, None, jnp.zeros({n + 1}))\n" for n in numbers)
    found = trace(IMPORTS + text + RUN + "def main():\n" + calls + "main()\n")
    assert [points(found[f"line{n}"]) for n in numbers] == [(n + 1,) for n in numbers]
