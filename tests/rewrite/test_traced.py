"""What fixes do to the trace, by NumPyro itself: nothing but what they mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from markdown import PREAMBLE

from numpyro_lint.check import Report, check
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Severity
from numpyro_lint.fix import allows, fixed
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source
from numpyro_lint.tracing import trace_models
from numpyro_lint_runtime.host import Host

pytestmark = pytest.mark.trace


@pytest.fixture
def read(tracer: Host) -> Callable[[Source], Report]:
    def report(source: Source) -> Report:
        module = lift(source)
        traces = {a.function: a for a in trace_models(module, Settings(), tracer)}
        return check(source, Settings(), traces, module)

    return report


def names(report: Report, model: str = "model") -> list[str]:
    """The sites of a model's trace; none where it fails."""
    for trace in report.context.traces.values():
        if report.module.functions[trace.function].name == model:
            return [each.traced.name for each in trace.sites] if trace.ok else []
    return []


TRACES = {
    "scopes": (
        """\
def effect():
    return numpyro.sample("effect", dist.Normal(0.0, 1.0))


def model(y=None):
    left = effect()
    right = effect()
    numpyro.sample("y", dist.Normal(left - right, 1.0), obs=y)


MCMC(NUTS(model), num_warmup=1, num_samples=1).run(jax.random.key(0), y=1.0)
""",
        ["left/effect", "right/effect", "y"],
    ),
    "names in a loop": (
        """\
def model(y=None):
    for i, scale in enumerate([1.0, 2.0]):
        numpyro.sample("effect", dist.Normal(0.0, scale))
    numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)


MCMC(NUTS(model), num_warmup=1, num_samples=1).run(jax.random.key(0), y=1.0)
""",
        ["effect_0", "effect_1", "y"],
    ),
    "a second name": (
        """\
def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    offset = numpyro.sample("slope", dist.Normal(slope, 1.0))
    numpyro.sample("y", dist.Normal(offset, 1.0), obs=y)


MCMC(NUTS(model), num_warmup=1, num_samples=1).run(jax.random.key(0), y=1.0)
""",
        ["slope", "offset", "y"],
    ),
    "numpy": (
        """\
import numpy as np


def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(np.exp(slope), 1.0), obs=y)


MCMC(NUTS(model), num_warmup=1, num_samples=1).run(jax.random.key(0), y=1.0)
""",
        ["slope", "y"],
    ),
}


@pytest.mark.parametrize("case", TRACES)
def test_a_model_that_raised_is_traced(case: str, read: Callable[[Source], Report]) -> None:
    text, expected = TRACES[case]
    before = read(Source("model.py", PREAMBLE + text))
    result = fixed(before.source, before.diagnostics, lambda s: read(s).diagnostics, allows(True))
    after = read(result.source)
    assert result.refused == ()
    assert len(result.mended) >= 1
    assert [each for each in after.diagnostics if each.severity >= Severity.WARNING] == []
    assert names(after) == expected


COLUMN = """\
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs={})


kernel = NUTS(model)
MCMC(kernel, num_warmup=1, num_samples=1).run(
    jax.random.key(0), jnp.arange(5.0), jnp.zeros((5, 1))
)
"""


def test_a_column_of_observations_is_made_a_row(read: Callable[[Source], Report]) -> None:
    before = read(Source("model.py", PREAMBLE + COLUMN.format("y")))
    result = fixed(before.source, before.diagnostics, lambda s: read(s).diagnostics, allows(True))
    assert [each.rule for each in result.mended] == ["broadcast-observation"]
    new = "None if y is None else y.squeeze(-1)"
    assert result.source.text == PREAMBLE + COLUMN.format(new)


def test_a_program_prints_the_same_after_a_safe_fix(read: Callable[[Source], Report]) -> None:
    import jax
    import numpyro

    text = PREAMBLE + (
        "def model():\n"
        '    spread = numpyro.sample("spread", dist.HalfNormal(1.0))\n'
        '    numpyro.sample("x", dist.StudentT(4.0, 0.0, spread))\n\n\n'
        'shape = handlers.reparam(model, config={"x": LocScaleReparam(0)})\n'
        "drawn = handlers.trace(shape).get_trace()\n"
    )
    source = Source("model.py", text)
    result = fixed(source, check(source).diagnostics, lambda s: check(s).diagnostics, allows(False))
    scope: dict[str, object] = {}
    exec(compile(result.source.text, "model.py", "exec"), scope)
    drawn = scope["drawn"]
    assert isinstance(drawn, dict)
    assert list(drawn) == ["spread", "x_decentered", "x"]
    seeded = numpyro.handlers.seed(scope["model"], jax.random.key(0))
    plain = numpyro.handlers.trace(seeded).get_trace()
    assert drawn["spread"]["value"] == plain["spread"]["value"]
