"""A sample of a model with a constant key of its own.

## What it does
Finds `rng_key=` with a constant key at a latent site of a model that the file runs.

## Why is this bad
The key that a sample is given wins over the seed around the model: the site has one and the same
draw for every seed, in traces and in predictions, and nothing is said.

## Example
```python
def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0), rng_key=jax.random.key(0))


Predictive(model, num_samples=100)(jax.random.key(1))
```

## Use instead
```python
def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0))


Predictive(model, num_samples=100)(jax.random.key(1))
```

## References
numpyro.sample, numpyro.handlers.seed (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.ir import RandomKey
from numpyro_lint.model.program import Module
from numpyro_lint.questions import drawing_runs
from numpyro_lint.rule import rule


@rule("fixed-sample-key", category=Category.RANDOMNESS, severity=Severity.WARNING, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    keyed = {
        use.span
        for function in module.functions.values()
        for use in function.uses
        if use.kind == "key" and use.detail == "numpyro.sample"
        if isinstance(use.value, RandomKey) and use.value.constant
    }
    if not keyed:
        return
    for stack, prediction in drawing_runs(ctx):
        for effect in prediction.effects:
            if effect.site.span in keyed and effect.value_from == "prior":
                name = effect.name.glob
                yield ctx.report(
                    effect.site.span,
                    f"'{name}' has a constant key of its own, which wins over the seed of the "
                    "model: it is the same draw in every run; leave rng_key out",
                    site=name,
                    model=stack.model.display,
                )
