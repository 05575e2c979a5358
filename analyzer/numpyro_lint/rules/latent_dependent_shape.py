"""A shape that depends on a value which inference traces.

## What it does
Finds values computed from a latent site that become a shape: the size of a plate, `.expand`,
`sample_shape`, `jnp.zeros`, `jnp.arange`, `range`, the end of a slice; and functions whose result
has as many elements as the values say (`jnp.nonzero`, `jnp.unique`, a mask as an index). Where the
file gives the model to MCMC, `SVI.run`, `Predictive` or `render_model`, that is an error; where no
run of the model is in sight, information.

## Why is this bad
With a seed and a trace the model runs on plain numbers and all is well. Inference compiles the
model once for all draws, so every shape must be known before any value is: JAX raises an error that
speaks of shapes, concrete values or boolean indices.

## Example
```python
def model(y):
    count = numpyro.sample("count", dist.Poisson(3.0))
    with numpyro.plate("components", count):
        numpyro.sample("weight", dist.Normal(0.0, 1.0))


Predictive(model, num_samples=10)(jax.random.key(0), None)
```

## Use instead
```python
def model(y):
    count = numpyro.sample("count", dist.Poisson(3.0))
    with numpyro.plate("components", 20), handlers.mask(mask=jnp.arange(20) < count):
        numpyro.sample("weight", dist.Normal(0.0, 1.0))


Predictive(model, num_samples=10)(jax.random.key(0), None)
```

## References
jax.errors.ConcretizationTypeError, jax.errors.NonConcreteBooleanIndexError
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.program import Module
from numpyro_lint.questions import drawn_uses
from numpyro_lint.refusals import seen_by
from numpyro_lint.rule import rule


@rule("latent-dependent-shape", category=Category.TRACING, severity=Severity.ERROR, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for hazard in drawn_uses(ctx, "shape"):
        use = hazard.used.use
        by = f"{hazard.by} compiles" if hazard.by else "MCMC and SVI compile"
        yield ctx.report(
            use.span,
            f"{use.detail} depends on a value drawn at '{hazard.site}': {by} the model once for "
            "all draws, and there JAX raises an error; take the largest shape and a mask",
            severity=None if hazard.by else Severity.INFO,
            site=hazard.site,
            model=hazard.model,
            source=seen_by(ctx, hazard),
        )
