"""Something that outlasts one call of a model.

## What it does
Finds `print`, assignments to `global` and `nonlocal` names, and drawn values that are kept in
lists, dictionaries and attributes that were there before the model was called. What stands in a
branch is left alone.

## Why is this bad
Inference traces the model a few times and then runs what it has compiled: the effect is seen a few
times, not once for each draw, and what was drawn is kept or shown as a traced value, which has no
number. Such a value is of no use later: JAX raises UnexpectedTracerError.

## Example
```python
draws = []


def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    draws.append(slope)
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)
```

## Use instead
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.deterministic("twice", 2 * slope)
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)
```

## References
jax.debug.print; numpyro.deterministic (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.rule import rule


@rule("side-effect-in-model", category=Category.TRACING, severity=Severity.INFO, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for used in model.prediction.uses:
        use = used.use
        if use.kind == "effect" and not used.arms:
            printed = use.detail.startswith("print")
            instead = "jax.debug.print" if printed else "return it, or make it a deterministic"
            what = "print()" if printed else use.detail
            yield ctx.report(
                use.span,
                f"{what}: inference does this a few times, while it traces the model, and "
                f"not for each draw; {'use ' if printed else ''}{instead}",
                model=model.function.name,
            )
