"""A plate whose size is not that of what stands in it.

## What it does
Finds, with the arguments that the program gives, distributions and params that do not fit the
plates around them, and observations that do not fit them.

## Why is this bad
A distribution that does not fit raises "Incompatible shapes for broadcasting" without the name of
a plate or a site. An observation that does not fit passes the trace, and inference raises.

## Example
```python
def model(x, y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", x.shape[1]):
        numpyro.sample("y", dist.Normal(slope * x[:, 0], 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.ones((5, 2)), jnp.zeros(5))
```

## Use instead
```python
def model(x, y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", x.shape[0]):
        numpyro.sample("y", dist.Normal(slope * x[:, 0], 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.ones((5, 2)), jnp.zeros(5))
```

## References
numpyro.plate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.densities import density_shape, observed, value_batch
from numpyro_lint.refusals import raised, refusal
from numpyro_lint.rule import rule
from numpyro_lint.sightings import seen


@rule(
    "plate-size-mismatch",
    category=Category.PLATES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for error in raised(ctx, model):
        what = f"'{error.site}'" if error.site else "what stands here"
        said = f"{what} does not fit the plates around it: {error.said}"
        yield refusal(ctx, model, error, said)
    for joined in observed(model.traces):
        traced, value = joined.traced, value_batch(joined.traced)
        if value is None or traced.value_from != "obs":
            continue
        if not traced.plates or density_shape(traced) is not None:
            continue
        if traced.batch_shape is None or traced.distribution not in FAMILIES:
            continue
        plates = ", ".join(f"'{p.name}' (dim {p.dim}) has {p.size}" for p in traced.plates)
        yield seen(
            ctx,
            model,
            joined,
            f"the observation of '{traced.name}' has shape {traced.shape} and its distribution "
            f"batch shape {traced.batch_shape} in its plates, of which {plates} elements: its log "
            "density raises",
            evidence={
                "value_shape": list(traced.shape or ()),
                "batch_shape": list(traced.batch_shape),
            },
        )
