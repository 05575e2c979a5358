"""Texts of every kind are read, mended and shown: what `make fuzz` does for hours, for seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest
from fuzzing import hostile, mutants, seeds
from fuzzing.examine import PEDANTIC, examine
from fuzzing.pick import Pick
from fuzzing.programs import Writer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from numpyro_lint.check import check
from numpyro_lint.text import Source, notebook

T = TypeVar("T")
Make = Callable[[Pick], Source]


def held(source: Source, before: str = "") -> None:
    """Nothing fails that must hold of any text."""
    assert [
        f"{each.what}\n{each.detail}" for each in examine(check(source, PEDANTIC), before)
    ] == []


def drawn(data: st.DataObject) -> Pick:
    """Choices that hypothesis makes: what fails is then made small."""

    def pick(options: Sequence[T], /) -> T:
        return options[data.draw(st.integers(0, len(options) - 1))]

    return pick


def examples(number: int) -> settings:
    """The same examples in each run."""
    slow = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
    return settings(
        derandomize=True, database=None, deadline=None, max_examples=number,
        suppress_health_check=slow,
    )  # fmt: skip


@examples(8)
@given(st.data())
def test_programs_of_any_shape(data: st.DataObject) -> None:
    text = Writer(drawn(data), 6).program()
    source = Source("model.py", text)
    assert not check(source).module.problems
    held(source)


@examples(60)
@given(st.data())
def test_programs_that_are_nearly_right(data: st.DataObject) -> None:
    pick = drawn(data)
    before = pick(seeds.own())
    held(Source("model.py", mutants.mutated(before, pick, seeds.own())), before)


@examples(14)
@given(st.data())
def test_programs_with_parts_of_others(data: st.DataObject) -> None:
    pick = drawn(data)
    text = mutants.grafted(pick(seeds.own()), Writer(pick, 4).program(), pick)
    held(Source("model.py", text))


@examples(30)
@given(st.data())
def test_notebooks_and_what_is_nearly_one(data: st.DataObject) -> None:
    pick = drawn(data)
    held(notebook("model.ipynb", hostile.notebook(pick(seeds.own()), pick)))


@examples(30)
@given(st.data())
def test_bytes(data: st.DataObject) -> None:
    pick = drawn(data)
    content = hostile.as_bytes(pick(seeds.own()), pick)
    text = seeds.decoded(content)
    if text is not None:
        held(Source("model.py", text))


@pytest.mark.parametrize("brackets", hostile.BRACKETS)
@pytest.mark.parametrize("depth", [100, 1000])
def test_what_stands_within_itself(brackets: tuple[str, str, str], depth: int) -> None:
    start, middle, end = brackets
    value = start * depth + middle + end * depth
    text = f"{hostile.HEAD}def model(x, y):\n    a = {value}\n    {hostile.SITE}\n    {value}\n"
    report = check(Source("model.py", text))
    assert [each for each in report.diagnostics if each.rule == "internal-error"] == []


@pytest.mark.parametrize("head", hostile.HEADS)
def test_blocks_within_blocks(head: str) -> None:
    text = hostile.HEAD + "\n".join(hostile.blocks([head] * 98)) + "\n"
    report = check(Source("model.py", text))
    assert not report.module.problems
    assert [each for each in report.diagnostics if each.rule == "internal-error"] == []
