"""What is predicted from the text of a program is what NumPyro does, and what the recorder sees.

Every program is read, predicted, and run twice under NumPyro: once with NumPyro's own `trace`
alone, once with the recorder in place. Nothing is compiled: `jax.eval_shape` runs it on tracers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from algebra.compare import disagreements, misattributed, predicted, recorder_disagreements, stage
from algebra.generate import HANDLERS, Program, programs
from hypothesis import HealthCheck, given, seed, settings

SHARDS = 4
# Of a thousand drawn programs, some hundred are drawn twice; each is compared once.
DRAWN, DISTINCT = 1000, 500


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


@pytest.mark.parametrize("shard", range(SHARDS))
def test_predictions_hold(shard: int, record_property: Callable[[str, object], None]) -> None:
    seen: set[str] = set()
    handlers: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    raised = 0

    @seed(shard)
    @settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
    )
    @given(programs())
    def compare(program: Program) -> None:
        nonlocal raised
        if program.text in seen:
            return
        raised += check(program)
        seen.add(program.text)
        handlers.update(program.handlers[1:])
        for index, outer in enumerate(program.handlers):
            pairs.update((outer, inner) for inner in program.handlers[index + 1 :])

    compare()
    record_property("algebra", (len(seen), raised, dict(handlers), list(pairs.items())))
    assert len(seen) >= DISTINCT
    assert [(o, i) for o in HANDLERS for i in HANDLERS if not pairs[o, i]] == []
