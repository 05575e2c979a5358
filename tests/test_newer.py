"""Text that this Python cannot read and a newer one can."""

from __future__ import annotations

import pytest

from numpyro_lint.rewrite.newer import is_newer_python
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source


def said_newer(text: str) -> bool:
    """Whether a text that is said not to parse, here or by an older Python, is a newer one's."""
    source = Source("model.py", text)
    for problem in parse(source).unreadable:
        line = source.line_text(source.line(problem.span.start))
        return is_newer_python(text, line, problem.message)
    return is_newer_python(text, source.line_text(1), "f-string: ")


@pytest.mark.parametrize(
    "text",
    [
        "def first[T](xs: list[T]) -> T:\n    return xs[0]\n",
        "class Box[T]:\n    pass\n",
        "type Pair = tuple[int, int]\n",
        'x = f"{d["key"]}"\n',
        'x = f"{"\\n".join(d)}"\n',
        'x = f"""{\n1  # one\n}"""\n',
        # Data on one line.
        f"type Row = list[float]\nx = [{'-1.25, ' * 2000}]\ny = '{'ab+/' * 5000}'\n",
    ],
)
def test_newer_syntax(text: str) -> None:
    assert said_newer(text)


@pytest.mark.parametrize(
    "text",
    [
        "def model(:\n    pass\n",
        "print 'old'\n",
        "<<<<<<< HEAD\nx = f'{1}'\n",
        "def broken[T](x:\n",
        "def half[T]():\n    return '\ud800'\n",
    ],
)
def test_broken_text(text: str) -> None:
    assert not said_newer(text)


def test_an_f_string_elsewhere_is_no_reason_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_reader(text: str) -> None:
        raise AssertionError(text)

    monkeypatch.setattr("libcst.parse_module", no_reader)
    assert not said_newer('x = f"{1}"\ny = (\n')


@pytest.mark.parametrize("inner", ["(" * 3000, "f'{" * 900 + "x" + "}'" * 900, "-" * 9000 + "1"])
def test_what_no_python_reads_is_not_read_by_a_parser_that_dies_of_it(inner: str) -> None:
    assert not said_newer(f"def first[T](x: T) -> T:\n    return {inner}\n")
