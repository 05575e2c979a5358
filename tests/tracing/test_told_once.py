"""What stops a trace is said once: by the rule whose mistake it is, or as `not-traced`."""

from __future__ import annotations

from pathlib import Path

import pytest

from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.model.lift import lift
from numpyro_lint.text import Source
from numpyro_lint.tracing import trace_models
from numpyro_lint_runtime.host import Host

pytestmark = pytest.mark.trace

TEXT = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

def model(x, y):
    weights = numpyro.sample("weights", dist.Normal(jnp.zeros(3), 1.0).to_event(1))
    numpyro.sample("y", dist.Normal(x @ weights, 1.0), obs=y)

mcmc = MCMC(NUTS(model), num_warmup=1, num_samples=1)
mcmc.run(jax.random.key(0), jnp.ones((5, 4)), jnp.ones(5))
"""


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(), ["untraceable-model"]),
        (Settings(ignore=("untraceable-model",)), ["not-traced"]),
        (Settings(ignore=("not-traced",)), ["untraceable-model"]),
    ],
)
def test_what_stops_a_trace_is_said_once(
    settings: Settings, told: list[str], tracer: Host, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(TEXT)
    module = lift(Source(str(path), TEXT))
    traces = {each.function: each for each in trace_models(module, settings, tracer)}
    report = check(module.source, settings, traces, module)
    assert [each.rule for each in report.diagnostics] == told
    assert [report.source.line(each.span.start) for each in report.diagnostics] == [9]
