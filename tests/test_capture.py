"""`analyze --capture`: the program as a whole, for models whose arguments are not in sight."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from test_tracing import IMPORTS, LINE, shapes

from numpyro_lint.config import Settings
from numpyro_lint.model.attach import Attached, Origin, sorted_out
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source, load
from numpyro_lint.tracing import trace_file
from numpyro_lint_runtime.host import Host

Trace = Callable[..., dict[str, Attached]]


@pytest.fixture
def trace(tracer: Host, tmp_path: Path) -> Trace:
    """Traces the models of a text, as a file, or of a source; by name."""

    def run(text: str | Source, capture: bool = False) -> dict[str, Attached]:
        if isinstance(text, str):
            path = tmp_path / "program.py"
            path.write_text(text)
            text = Source(str(path), text)
        module = lift(text)
        traces, _ = sorted_out(trace_file(module, Settings(), tracer, capture=capture))
        return {module.functions[key].name: each for key, each in traces.items()}

    return run


RESTS_ON_INFERENCE = (
    IMPORTS
    + LINE
    + """
def second(level):
    numpyro.sample("second", dist.Normal(level, 1.0))


mcmc = MCMC(NUTS(line), num_warmup=10**9, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(4), y=jnp.ones(4))
found = mcmc.get_samples()["slope"]
handlers.trace(handlers.seed(second, 0)).get_trace(found)
"""
)


def test_what_rests_on_inference_is_traced_where_the_program_calls_it(trace: Trace) -> None:
    traced = trace(RESTS_ON_INFERENCE, capture=True)
    assert traced["line"].origin.kind == "call"
    assert traced["second"].origin == Origin("captured", (("level", "f32[10]"),))
    assert shapes(traced["second"]) == {"second": (10,)}


def test_capture_is_advised_where_there_is_a_call(trace: Trace) -> None:
    failure = trace(RESTS_ON_INFERENCE)["second"].lacking
    assert failure is not None
    assert (failure.advice or "").endswith("or pass --capture")
    failure = trace(IMPORTS + LINE)["line"].lacking
    assert failure is not None
    assert "--capture" not in (failure.advice or "")


def test_a_model_that_the_program_does_not_call_says_so(trace: Trace) -> None:
    failure = trace(IMPORTS + LINE, capture=True)["line"].lacking
    assert failure is not None
    assert "does not call it" in failure.message
    assert "# numpyro-lint: trace(" in (failure.advice or "")


def test_a_slice_that_fails_gives_way_to_the_program(trace: Trace) -> None:
    text = IMPORTS + LINE + "\nexec('size = 5')\n"
    text += "Predictive(line, num_samples=2)(jax.random.key(0), jnp.zeros(size))\n"
    assert trace(text)["line"].origin.kind == "synthesized"
    assert shapes(trace(text, capture=True)["line"])["points"] == (5,)


def test_arguments_of_a_comment_come_first(trace: Trace) -> None:
    comment = "# numpyro-lint: trace(x=jnp.zeros(3))\n"
    text = IMPORTS + comment + LINE.lstrip() + "\nhandlers.seed(line, 0)(jnp.zeros(5))\n"
    line = trace(text, capture=True)["line"]
    assert line.origin.kind == "comment"
    assert shapes(line)["points"] == (3,)


def test_a_notebook_runs_from_cell_to_cell(trace: Trace, tmp_path: Path) -> None:
    cells = [
        IMPORTS + LINE,
        "%matplotlib inline\nsize = 6 if get_ipython().kernel else 0",
        "Predictive(line, num_samples=2)(jax.random.key(0), jnp.zeros(size))",
    ]
    made = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": cell,
        }
        for cell in cells
    ]
    book = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "book.ipynb"
    path.write_text(json.dumps(book))
    line = trace(load(str(path)), capture=True)["line"]
    assert shapes(line)["points"] == (6,)
    assert {each.span is not None for each in line.sites} == {True}


def test_the_command_line(analyze: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(RESTS_ON_INFERENCE)
    given = ("program.py", "--output-format", "json")
    status, output, _ = analyze("--capture", *given, cwd=tmp_path, traced=True)
    models = {each["name"]: each for each in json.loads(output)["files"][0]["models"]}
    assert status == 0
    assert models["second"]["trace"]["arguments"] == {
        "from": "captured",
        "values": {"level": "f32[10]"},
    }
    status, output, _ = analyze("program.py", cwd=tmp_path, traced=True)
    assert "pass --capture" in output
    status, _, errors = analyze("--capture", "--static", *given, cwd=tmp_path)
    assert status == 2
    assert "--capture" in errors
