"""Rewrites of an expression: numpy to JAX, events, names in loops."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from numpyro_lint.diagnostic import Applicability, Fix
from numpyro_lint.facts import jax as facts
from numpyro_lint.rewrite import applied, named_by_loop, to_event, to_jax
from numpyro_lint.text import Source, Span, notebook

Write = Callable[[Source, Span], Fix | None]


def after(text: str, marked: str, write: Write) -> str | None:
    """A text with the fix for the last place of `marked` applied."""
    start = text.rindex(marked)
    fix = write(Source("model.py", text), Span(start, start + len(marked)))
    if fix is None:
        return None
    new = applied(text, fix.edits)
    ast.parse(new)
    return new


def in_jax(text: str, call: str, qualified: str) -> str | None:
    return after(text, call, lambda source, span: to_jax(source, span, qualified))


MODEL = "\n\ndef model():\n    x = {}  # as   it is\n"


@pytest.mark.parametrize(
    ("head", "call", "qualified", "new_head", "new_call"),
    [
        (
            "import numpy as np\nimport jax.numpy as jnp\n",
            "np.exp(x)",
            "numpy.exp",
            "import numpy as np\nimport jax.numpy as jnp\n",
            "jnp.exp(x)",
        ),
        (
            "import numpy\nimport jax\n",
            "numpy.linalg.inv(a)",
            "numpy.linalg.inv",
            "import numpy\nimport jax\n",
            "jax.numpy.linalg.inv(a)",
        ),
        (
            "from numpy import exp\n",
            "exp(x)",
            "numpy.exp",
            "from numpy import exp\nimport jax.numpy as jnp\n",
            "jnp.exp(x)",
        ),
        (
            "from math import (\n    exp,\n    pi,\n)  # both\n",
            "exp(x)",
            "math.exp",
            "from math import (\n    exp,\n    pi,\n)  # both\nimport jax.numpy as jnp\n",
            "jnp.exp(x)",
        ),
        (
            "import math\njnp = 3\n",
            "math.log(x)",
            "math.log",
            "import math\nimport jax.numpy\njnp = 3\n",
            "jax.numpy.log(x)",
        ),
        (
            "from scipy.special import expit as squash\n",
            "squash(x)",
            "scipy.special.expit",
            "from scipy.special import expit as squash\nfrom jax.scipy import special\n",
            "special.expit(x)",
        ),
        (
            "from numpy import log\nfrom jax.numpy import log as l\n",
            "log(x)",
            "numpy.log",
            "from numpy import log\nfrom jax.numpy import log as l\n",
            "l(x)",
        ),
    ],
)
def test_numpy_becomes_jax(
    head: str, call: str, qualified: str, new_head: str, new_call: str
) -> None:
    assert in_jax(head + MODEL.format(call), call, qualified) == new_head + MODEL.format(new_call)


@pytest.mark.parametrize("call", ["np.exp(x, out=y)", "np.exp(x, **more)"])
def test_arguments_that_jax_does_not_take(call: str) -> None:
    assert in_jax(f"import numpy as np\ny = {call}\n", call, "numpy.exp") is None


@pytest.mark.parametrize("qualified", ["numpy.unique", "numpy.random.normal", "math.floor"])
def test_functions_that_jax_does_not_have(qualified: str) -> None:
    assert in_jax("y = f(x)\n", "f(x)", qualified) is None


def test_an_import_inside_the_model_is_used() -> None:
    text = "import numpy as np\n\ndef model():\n    import jax.numpy as jn\n    x = np.exp(2)\n"
    assert in_jax(text, "np.exp(2)", "numpy.exp") == text.replace("np.exp", "jn.exp")


def test_a_name_that_the_function_hides_is_not_used() -> None:
    text = "import jax.numpy as jnp, numpy as np\n\ndef f(jnp):\n    return np.exp(jnp)\n"
    new = in_jax(text, "np.exp(jnp)", "numpy.exp")
    assert new == text.replace("\n\n", "\nimport jax.numpy\n\n").replace(
        "np.exp(", "jax.numpy.exp("
    )


def test_the_line_ends_of_the_file_are_kept() -> None:
    text = "import math\r\n\r\nx = math.exp(2)\r\n"
    new = in_jax(text, "math.exp(2)", "math.exp")
    assert new == "import math\r\nimport jax.numpy as jnp\r\n\r\nx = jnp.exp(2)\r\n"


@pytest.mark.parametrize("head", ["#!/usr/bin/env python\n# é\n", '"""What it is."""\n', ""])
def test_an_import_where_there_is_none(head: str) -> None:
    new = in_jax(head + "x = f(2)\n", "f(2)", "math.exp")
    assert new == head + "import jax.numpy as jnp\nx = jnp.exp(2)\n"


def test_an_import_stays_in_the_cell_of_the_others() -> None:
    cells = '[{"cell_type": "code", "source": "%%time\\nimport math"}, '
    cells += '{"cell_type": "code", "source": "%%time\\nx = math.exp(2)"}]'
    source = notebook("n.ipynb", '{"cells": ' + cells + "}")
    start = source.text.index("math.exp(2)")
    fix = to_jax(source, Span(start, start + 11), "math.exp")
    assert fix is not None
    assert [source.location(edit.span).cell for edit in fix.edits] == [0, 1]
    assert "import math\nimport jax.numpy as jnp\n%%time" in applied(source.text, fix.edits)


@pytest.mark.trace
def test_jax_has_every_function_of_the_table() -> None:
    import importlib

    named = [
        f"{home}.{leaf}" for home, (_, leaves) in facts._SAME.items() for leaf in leaves.split()
    ]
    for qualified in [*named, *facts._RENAMED]:
        target = facts.in_jax(qualified)
        assert target is not None
        for each in (qualified, target):
            home, _, leaf = each.rpartition(".")
            assert callable(getattr(importlib.import_module(home), leaf)), each


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dist.Normal(0, 1)", "dist.Normal(0, 1).to_event(1)"),
        ("dist.Normal(0, 1).expand([3])", "dist.Normal(0, 1).expand([3]).to_event(1)"),
        ("dist.Normal(0, 1).to_event(1)", "dist.Normal(0, 1).to_event(2)"),
        ("prior", "prior.to_event(1)"),
        ("a if b else c", "(a if b else c).to_event(1)"),
        ("dist.Normal(\n    0, 1,\n)", "dist.Normal(\n    0, 1,\n).to_event(1)"),
    ],
)
def test_a_distribution_becomes_an_event(old: str, new: str) -> None:
    text = f'numpyro.sample("x", {old})\n'
    assert after(text, old, to_event) == text.replace(old, new)


LOOP = 'def model(n):\n    for {} in {}:\n        numpyro.sample("x", d)\n'


def named(text: str, *loops: str, name: str = '"x"') -> str | None:
    source = Source("model.py", text)
    spans = [Span(text.index(loop), text.index(loop) + len(loop)) for loop in loops]
    return after(text, name, lambda _, span: named_by_loop(source, span, spans))


@pytest.mark.parametrize(
    ("target", "iterated", "counter"),
    [
        ("i", "range(n)", "i"),
        ("i, x", "enumerate(n)", "i"),
        ("(i, (x, y))", "enumerate(zip(n, n))", "i"),
        ("g", '["a", "b"]', "g"),
        ("g", '["a", "a"]', None),
        ("g", "n", None),
        ("i, x", "zip(n, n)", None),
        ("i, x", "range(n)", None),
    ],
)
def test_a_name_for_each_pass(target: str, iterated: str, counter: str | None) -> None:
    text = LOOP.format(target, iterated)
    new = None if counter is None else text.replace('"x"', f'f"x_{{{counter}}}"')
    assert named(text, text[text.index("for") :].rstrip()) == new


def test_a_name_for_each_pass_of_two_loops() -> None:
    text = "def model(n):\n    xs = [numpyro.sample('{x}', d) for i in range(n) for j in [1, 2]]\n"
    new = text.replace("'{x}'", "f'{{x}}_{i}_{j}'")
    assert named(text, "range(n)", "[1, 2]", name="'{x}'") == new


def test_what_stands_in_an_f_string_is_left() -> None:
    text = 'import numpy as np\nx = f"{np.exp(2)} and more"\n'
    assert in_jax(text, "np.exp(2)", "numpy.exp") is None


def test_unsafe_but_for_numpy() -> None:
    source = Source("model.py", "x = math.exp(2)\n")
    fix = to_jax(source, Span(4, 15), "math.exp", Applicability.UNSAFE)
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    event = to_event(source, Span(4, 15))
    assert event is not None
    assert event.applicability is Applicability.UNSAFE
