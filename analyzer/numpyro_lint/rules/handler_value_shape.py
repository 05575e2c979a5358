"""A value from a handler that does not fit its site.

## What it does
Finds, in the trace, samples whose value `condition`, `substitute`, `do` or `replay` has given and
whose shape is not one that the distribution can have: another event shape, or batch dimensions that
do not broadcast. One value for all elements, and data for a distribution of one element, do fit.

## Why is this bad
NumPyro takes any value; the log density raises later, or what is computed from the value has a
shape that nobody meant.

## Example
```python
def model():
    effect = numpyro.sample("effect", dist.Normal(jnp.zeros(3), 1.0))
    numpyro.deterministic("total", effect.sum())


def posterior():
    with numpyro.handlers.condition(data={"effect": jnp.zeros(7)}):
        model()


trace = numpyro.handlers.trace(numpyro.handlers.seed(posterior, rng_seed=0)).get_trace()
```

## Use instead
```python
def model():
    effect = numpyro.sample("effect", dist.Normal(jnp.zeros(3), 1.0))
    numpyro.deterministic("total", effect.sum())


def posterior():
    with numpyro.handlers.condition(data={"effect": jnp.zeros(3)}):
        model()


trace = numpyro.handlers.trace(numpyro.handlers.seed(posterior, rng_seed=0)).get_trace()
```

## References
numpyro.handlers.condition, substitute, do, replay (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.densities import density_shape
from numpyro_lint.rule import rule
from numpyro_lint.sightings import seen

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import TracedSite

_GIVERS = frozenset({"condition", "substitute", "do", "replay"})


@rule(
    "handler-value-shape",
    category=Category.HANDLERS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    traces = (trace for trace in model.traces if trace.is_users)
    for joined in (each for trace in traces for each in trace.sites):
        traced = joined.traced
        if joined.span is None or traced.type != "sample" or traced.value_from not in _GIVERS:
            continue
        if traced.distribution in FAMILIES and not _fits(traced):
            yield seen(
                ctx,
                model,
                joined,
                f"the {traced.value_from} gives '{traced.name}' a value of shape {traced.shape}, "
                f"and its distribution has batch shape {traced.batch_shape} and event shape "
                f"{traced.event_shape}: the two do not go together",
                evidence={
                    "value_shape": list(traced.shape or ()),
                    "batch_shape": list(traced.batch_shape or ()),
                    "event_shape": list(traced.event_shape or ()),
                },
            )


def _fits(traced: TracedSite) -> bool:
    if traced.shape is None or traced.batch_shape is None or traced.event_shape is None:
        return True
    event = len(traced.event_shape)
    if event and traced.shape and traced.shape[-event:] != traced.event_shape:
        return False
    return density_shape(traced) is not None
