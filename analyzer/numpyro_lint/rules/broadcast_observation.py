"""An observation that broadcasts against its distribution to a larger log density.

## What it does
Compares, in the trace, the shape of an observed value with the batch shape of its distribution, and
says as well where outside of plates the two do not broadcast at all.

## Why is this bad
A column `(N, 1)` against a batch of `(N,)` gives a log density of `(N, N)`: every observation is
scored against every mean. NumPyro says nothing, and the posterior is wrong. Shapes that do not
broadcast raise at the first log density, far from the model.

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
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Severity, Stage
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.attach import Joined
from numpyro_lint.model.densities import crosses, density_shape, observed
from numpyro_lint.rule import rule
from numpyro_lint.sightings import seen

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import TracedSite


@rule(
    "broadcast-observation",
    category=Category.OBSERVATIONS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for joined in observed(model.traces):
        traced = joined.traced
        shape = density_shape(traced)
        if not (crosses(traced) or _misfits(traced)):
            continue
        if shape is None:
            then = "the two do not go together, and its log density raises"
        else:
            then = (
                f"together they give a log density of shape {shape}, each value scored against "
                "each element"
            )
        yield seen(
            ctx,
            model,
            joined,
            f"the observation of '{traced.name}' has shape {traced.shape} and its distribution "
            f"batch shape {traced.batch_shape}: {then}",
            evidence={
                "value_shape": list(traced.shape or ()),
                "batch_shape": list(traced.batch_shape or ()),
                "log_density_shape": None if shape is None else list(shape),
            },
            fix=_fix(joined, ctx),
        )


def _misfits(traced: TracedSite) -> bool:
    """Whether shapes that no plate has a part in do not broadcast."""
    known = traced.shape is not None and traced.batch_shape is not None
    fits = density_shape(traced) is not None or traced.value_from != "obs"
    return known and not fits and not traced.plates and traced.distribution in FAMILIES


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
