"""Shapes and lengths that the text tells are those of the arrays that NumPy makes."""

from __future__ import annotations

import numpy as np
import pytest
from static.support import function, read

from numpyro_lint.model.ir import Const, Sequence
from numpyro_lint.model.shapes import shape_of

MADE = [
    "np.zeros(3)",
    "np.ones((2, 3))",
    "np.full([2], 1.0)",
    "np.arange(5)",
    "np.eye(2)",
    "np.array([1.0, 2.0])",
    "np.array([[1, 2, 3], [4, 5, 6]])",
    "np.zeros(3) + 1.0",
    "np.ones((2, 1)) * np.zeros(3)",
    "np.exp(np.zeros((4, 1)))",
    "-np.zeros(2)",
    "2.5",
]
LENGTHS = ["len([1, 2, 3])", "len(np.zeros((4, 2)))", "np.ones((5, 2)).shape[1]", "len((1,)) + 1"]
UNTOLD = ["np.zeros(n)", "np.zeros(3)[n]", "x", "np.zeros(3) + x", "np.array([1, n])[:2]"]


def returned(expression: str) -> object:
    report = read(f"import numpy as np\ndef f(x, n):\n    return {expression}\n")
    return function(report, "f").returns


@pytest.mark.parametrize("expression", MADE)
def test_shapes(expression: str) -> None:
    value = returned(expression)
    assert shape_of(value, {}) == np.shape(eval(expression))  # type: ignore[arg-type]


@pytest.mark.parametrize("expression", LENGTHS)
def test_lengths(expression: str) -> None:
    assert returned(expression) == Const(eval(expression))


@pytest.mark.parametrize("expression", UNTOLD)
def test_what_is_not_known(expression: str) -> None:
    value = returned(expression)
    assert not isinstance(value, Sequence)
    assert shape_of(value, {}) is None  # type: ignore[arg-type]
