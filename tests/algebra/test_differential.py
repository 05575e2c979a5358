"""What is predicted from the text of a program is what NumPyro does, and what the recorder sees.

Every program is read, predicted, and run twice under NumPyro: once with NumPyro's own `trace`
alone, once with the recorder in place. Nothing is compiled: `jax.eval_shape` runs it on tracers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from algebra.compare import disagreements, misattributed, predicted, recorder_disagreements, stage
from algebra.generate import HANDLERS, Program, program_of, programs
from hypothesis import HealthCheck, Phase, given, seed, settings

SHARDS = 4
# Of a thousand drawn programs, some hundred are drawn twice; each is compared once.
DRAWN, DISTINCT = 1000, 500
OF_A_PAIR = 2

RecordProperty = Callable[[str, object], None]


def check(program: Program) -> bool:
    """Holds the prediction for one program against two runs; whether NumPyro raised."""
    stack, prediction = predicted(program.text)
    assert tuple(handler.kind for handler in stack.handlers) == program.handlers
    alone, recorded = stage(program.text), stage(program.text, record=True)
    found = [
        *disagreements(prediction, alone),
        *misattributed(prediction, alone),
        *disagreements(prediction, recorded),
        *recorder_disagreements(prediction, recorded.sites),
    ]
    assert found == []
    return alone.error is not None


class Tally:
    """Which programs were compared, each once, and what stood around their models."""

    def __init__(self) -> None:
        self.programs: set[str] = set()
        self.raised = 0
        self.handlers: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()

    def check(self, program: Program) -> None:
        if program.text in self.programs:
            return
        self.raised += check(program)
        self.programs.add(program.text)
        self.handlers.update(program.handlers[1:])
        for index, outer in enumerate(program.handlers):
            self.pairs.update((outer, inner) for inner in program.handlers[index + 1 :])

    @property
    def report(self) -> tuple[int, int, dict[str, int], list[tuple[tuple[str, str], int]]]:
        return len(self.programs), self.raised, dict(self.handlers), list(self.pairs.items())


@pytest.mark.parametrize("shard", range(SHARDS))
def test_predictions_hold(shard: int, record_property: RecordProperty) -> None:
    tally = Tally()

    @seed(shard)
    @settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
    )
    @given(programs())
    def compare(program: Program) -> None:
        tally.check(program)

    compare()
    record_property("algebra", tally.report)
    assert len(tally.programs) >= DISTINCT
    assert set(tally.handlers) == set(HANDLERS)


@pytest.mark.parametrize("outer", HANDLERS)
def test_every_pair_of_handlers(outer: str, record_property: RecordProperty) -> None:
    tally = Tally()
    for inner in HANDLERS:
        for number in range(OF_A_PAIR):
            tally.check(program_of((outer, inner), number))
    record_property("algebra", tally.report)
    assert all(tally.pairs[outer, inner] for inner in HANDLERS)
