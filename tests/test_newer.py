"""Text that this Python cannot read and a newer one can."""

from __future__ import annotations

import pytest

from numpyro_lint.rewrite.newer import is_newer_python


@pytest.mark.parametrize(
    "text",
    [
        "def first[T](xs: list[T]) -> T:\n    return xs[0]\n",
        "class Box[T]:\n    pass\n",
        "type Pair = tuple[int, int]\n",
        'x = f"{d["key"]}"\n',
    ],
)
def test_newer_syntax(text: str) -> None:
    assert is_newer_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "def model(:\n    pass\n",
        "print 'old'\n",
        "<<<<<<< HEAD\nx = f'{1}'\n",
        "def broken[T](x:\n",
    ],
)
def test_broken_text(text: str) -> None:
    assert not is_newer_python(text)
