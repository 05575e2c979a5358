"""What several threads of a server do at once."""

from __future__ import annotations

import ast
import threading
from typing import Any

import pytest

from numpyro_lint.record import record, replace
from numpyro_lint.syntax import trees


@record
class Pair:
    one: int
    two: int = 2


def test_a_record_may_be_made_first_by_two_threads() -> None:
    """Each has got hold of what makes the first one before either has made it."""
    first, first_copy = Pair.__init__, Pair.__record_copy__  # type: ignore[attr-defined]
    made = Pair(1)
    assert replace(made, two=3) == Pair(1, 3)
    again = object.__new__(Pair)
    first(again, 4)
    assert again == Pair(4)
    assert first_copy(again, {"one": 5}) == Pair(5)


@pytest.mark.parametrize("read", [trees.statements, trees.expression])
def test_one_thread_parses_at_a_time(monkeypatch: pytest.MonkeyPatch, read: Any) -> None:
    parse, inside, most = ast.parse, [0], [0]
    met = threading.Barrier(2)

    def watched(text: str, **how: Any) -> ast.AST:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.05)
        inside[0] -= 1
        return parse(text, **how)

    def work() -> None:
        met.wait()
        read("1 + 1")

    monkeypatch.setattr(ast, "parse", watched)
    threads = [threading.Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == [1]
