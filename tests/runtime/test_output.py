from __future__ import annotations

import pytest

from numpyro_lint_runtime.worker.output import MARK, Capped, Output

STREAM = b"one\n" + MARK + MARK + b"three\0" + MARK + b"four"


@pytest.mark.parametrize("size", [1, 2, 7, len(MARK), 1000])
def test_prints_are_told_apart_however_they_arrive(size: int) -> None:
    output = Output()
    for start in range(0, len(STREAM), size):
        output.add(STREAM[start : start + size])
    assert [output.take() for _ in range(5)] == ["one\n", "", "three\0", "four", ""]


def test_the_beginning_and_the_end_are_kept() -> None:
    capped = Capped()
    capped.add(b"begin")
    for _ in range(100):
        capped.add(b"x" * 1000)
    capped.add(b"end")
    text = capped.take()
    assert text.startswith("beginxxx")
    assert text.endswith("xxxend")
    assert "bytes ..." in text
    assert len(text) < 20_000
    assert capped.take() == ""
