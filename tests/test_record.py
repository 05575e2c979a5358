"""Records, where they are made by several threads."""

from __future__ import annotations

from typing import Any

from numpyro_lint.record import record, replace


@record
class Point:
    x: int
    y: int = 0


def test_what_another_thread_has_compiled_meanwhile_is_no_error() -> None:
    initial: Any = Point.__init__
    copier: Any = Point.__record_copy__  # type: ignore[attr-defined]
    first = replace(Point(1), y=2)
    assert Point.__init__ is not initial
    # Another thread has looked these up before, and calls them now.
    late = object.__new__(Point)
    initial(late, 1, y=2)
    assert late == first
    assert copier(late, {"x": 3}) == Point(3, 2)
