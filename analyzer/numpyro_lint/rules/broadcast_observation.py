"""An observation that broadcasts against its distribution to a larger log density.

## What it does
Compares, in the trace, the shape of an observed value with the batch shape of its distribution.

## Why is this bad
A column `(N, 1)` against a batch of `(N,)` gives a log density of `(N, N)`: every observation is
scored against every mean. NumPyro says nothing, and the posterior is wrong.

## Example
```python
def model(x, y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.arange(5.0), jnp.zeros((5, 1)))
```

## Use instead
```python
def model(x, y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.arange(5.0), jnp.zeros(5))
```

## Fix safety
Where the observation has one more dimension of size 1 at its end than its distribution, the fix
squeezes it; the log density changes, so it is unsafe.

## References
numpyro issue 1230
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Origin, Severity
from numpyro_lint.model.attach import Joined
from numpyro_lint.rule import rule

Shape = tuple[int, ...]


@rule("broadcast-observation", category=Category.OBSERVATIONS, severity=Severity.ERROR, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    if model.trace is None:
        return
    for joined in model.trace.sites:
        traced = joined.traced
        if traced.type != "sample" or not traced.observed or joined.span is None:
            continue
        if traced.shape is None or traced.batch_shape is None or traced.event_shape is None:
            continue
        event = len(traced.event_shape)
        value = traced.shape[: len(traced.shape) - event] if event else traced.shape
        scored = broadcast(traced.batch_shape, value)
        if scored is not None and scored not in (
            _padded(value, scored),
            _padded(traced.batch_shape, scored),
        ):
            yield ctx.report(
                joined.span,
                f"the observation of '{traced.name}' has shape {traced.shape} and its distribution "
                f"batch shape {traced.batch_shape}: together they give a log density of shape "
                f"{scored}, each value scored against each element",
                site=traced.name,
                model=model.function.name,
                source=Origin.TRACE,
                evidence={
                    "value_shape": list(traced.shape),
                    "batch_shape": list(traced.batch_shape),
                    "log_density_shape": list(scored),
                },
                fix=_fix(joined, ctx),
            )


def broadcast(first: Shape, second: Shape) -> Shape | None:
    """The shape that two shapes broadcast to; None when they do not."""
    pairs = list(zip_longest(reversed(first), reversed(second), fillvalue=1))
    if any(a != b and 1 not in (a, b) for a, b in pairs):
        return None
    return tuple(b if a == 1 else a for a, b in reversed(pairs))


def _padded(shape: Shape, like: Shape) -> Shape:
    return (1,) * (len(like) - len(shape)) + shape


def _fix(joined: Joined, ctx: Context) -> Fix | None:
    """Squeezes a column, where the observation is a name and so can be asked whether it is None."""
    site, traced = joined.site, joined.traced
    if site is None or site.obs_span is None or site.name.literal != traced.name:
        return None
    written = ctx.module.source.slice(site.obs_span)
    column = traced.batch_shape is not None and traced.shape == (*traced.batch_shape, 1)
    if traced.event_shape or not column or not written.isidentifier():
        return None
    edit = Edit(site.obs_span, f"None if {written} is None else {written}.squeeze(-1)")
    return Fix(f"Squeeze '{written}'", (edit,))
