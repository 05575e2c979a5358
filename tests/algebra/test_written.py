"""What is predicted of models as people write them is what NumPyro does, in files and notebooks.

As in test_differential, but that a prediction need not tell all: a name may be a pattern, a site
may be reached or not. What it does tell must hold then, and few predictions may be of that kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from algebra.compare import (
    Outcome,
    contradictions,
    disagreements,
    is_exact,
    misattributed,
    predicted_by_cell,
    recorder_disagreements,
    stage_cells,
)
from algebra.written.programs import CONSTRUCTS, REDEFINED, Book, notebook, program

from numpyro_lint.model.stack import Prediction

SHARDS = 4
PROGRAMS, NOTEBOOKS = 4 * len(CONSTRUCTS), len(CONSTRUCTS)
# Of a hundred predictions, as many may leave something open.
OPEN = 2

RecordProperty = Callable[[str, object], None]


class Tally:
    """What was compared: stacks, those that NumPyro refuses, open predictions, constructs."""

    def __init__(self) -> None:
        self.stacks = 0
        self.raised = 0
        self.open = 0
        self.constructs: Counter[str] = Counter()

    def check(self, book: Book) -> None:
        """Holds what is predicted for each cell of a program against two runs."""
        told = predicted_by_cell(book.cells)
        alone, recorded = stage_cells(book.cells), stage_cells(book.cells, record=True)
        for cell, handlers in enumerate(book.handlers):
            if handlers is None:
                assert alone[cell].error is None, f"{book}\n{alone[cell].error!r}"
                continue
            stack, prediction = told[cell]
            assert tuple(handler.kind for handler in stack.handlers) == handlers
            found = differences(prediction, alone[cell], recorded[cell])
            assert found == [], f"{book}\ncell {cell}"
            self.stacks += 1
            self.raised += alone[cell].error is not None
            self.open += not is_exact(prediction)
        self.constructs.update(set(book.constructs))

    @property
    def report(self) -> tuple[int, int, int, dict[str, int]]:
        return self.stacks, self.raised, self.open, dict(self.constructs)


def differences(prediction: Prediction, alone: Outcome, recorded: Outcome) -> list[str]:
    """Where a prediction is wrong."""
    if not is_exact(prediction):
        return [*contradictions(prediction, alone), *contradictions(prediction, recorded)]
    return [
        *disagreements(prediction, alone),
        *misattributed(prediction, alone),
        *disagreements(prediction, recorded),
        *recorder_disagreements(prediction, recorded.sites),
    ]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_programs(shard: int, record_property: RecordProperty) -> None:
    tally = Tally()
    for number in range(shard * PROGRAMS, (shard + 1) * PROGRAMS):
        tally.check(program(number))
    record_property("written", tally.report)
    assert {each.__name__ for each in CONSTRUCTS} <= set(tally.constructs)
    assert tally.open * 100 <= tally.stacks * OPEN


@pytest.mark.parametrize("shard", range(SHARDS))
def test_notebooks(shard: int, record_property: RecordProperty) -> None:
    tally = Tally()
    for number in range(shard * NOTEBOOKS, (shard + 1) * NOTEBOOKS):
        tally.check(notebook(number))
    record_property("written", tally.report)
    assert {f"redefined_{each}" for each in REDEFINED} <= set(tally.constructs)
    assert tally.open * 100 <= tally.stacks * OPEN
