"""A Python decision on a value that inference traces.

## What it does
Finds `if`, `while`, `assert`, `and`, `or`, `not`, conditional expressions, `match`, `in`, chained
comparisons, `bool`, `any`, `all`, `max`, `min` and `sorted` on values that were computed from a
latent site. Where the file gives the model to MCMC, `SVI.run`, `Predictive` or `render_model`, that
is an error; where no run of the model is in sight, information.

## Why is this bad
With a seed and a trace the model runs on plain numbers and all is well. Inference runs it on traced
values, which have no truth: JAX raises TracerBoolConversionError, long after the model was written.
Python decides once, while JAX traces; a decision for each draw is `jnp.where` or `lax.cond`.

## Example
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    if slope > 0:
        slope = slope * 2
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    slope = jnp.where(slope > 0, slope * 2, slope)
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## References
jax.errors.TracerBoolConversionError; numpyro.contrib.control_flow.cond (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.program import Module
from numpyro_lint.questions import drawn_uses
from numpyro_lint.refusals import seen_by
from numpyro_lint.rule import rule

_INSTEAD = {
    "max()": "jnp.maximum or jnp.max",
    "min()": "jnp.minimum or jnp.min",
    "sorted()": "jnp.sort",
    "any()": "jnp.any",
    "all()": "jnp.all",
    "and": "& between comparisons, and jnp.where",
    "or": "| between comparisons, and jnp.where",
    "not": "~ or jnp.logical_not, and jnp.where",
    "assert": "a prior whose support rules it out",
    "while": "jax.lax.while_loop",
    "a chain of comparisons": "(a < x) & (x < b)",
}


@rule("branch-on-latent", category=Category.TRACING, severity=Severity.ERROR, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for hazard in drawn_uses(ctx, "test"):
        use = hazard.used.use
        instead = _INSTEAD.get(use.detail, "jnp.where or jax.lax.cond")
        if hazard.by:
            what = f"{hazard.by} traces the model, and JAX raises TracerBoolConversionError here"
        else:
            what = "under MCMC or SVI, which trace the model, JAX raises TracerBoolConversionError"
        yield ctx.report(
            use.span,
            f"Python asks for the truth of a value drawn at '{hazard.site}' ({use.detail}): "
            f"{what}; use {instead}",
            severity=None if hazard.by else Severity.INFO,
            site=hazard.site,
            model=hazard.model,
            source=seen_by(ctx, hazard),
        )
