"""Two names that become equal once scopes are applied.

## What it does
Finds sites whose names differ as written, or stand in two scopes, and are one name for the trace.

## Why is this bad
NumPyro's trace raises `all sites must have unique names` and names a site that is nowhere written.

## Example
```python
def model():
    with numpyro.handlers.scope(prefix="plot"):
        numpyro.sample("soil/acid", dist.Normal(0.0, 1.0))
    with numpyro.handlers.scope(prefix="plot/soil"):
        numpyro.sample("acid", dist.Normal(0.0, 1.0))
```

## Use instead
```python
def model():
    with numpyro.handlers.scope(prefix="plot"):
        numpyro.sample("soil/acid", dist.Normal(0.0, 1.0))
    with numpyro.handlers.scope(prefix="soil"):
        numpyro.sample("acid", dist.Normal(0.0, 1.0))
```

## References
numpyro.handlers.scope (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.rule import rule


@rule("scope-collision", category=Category.NAMES, severity=Severity.ERROR, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for collision in model.collisions:
        if collision.kind != "scope":
            continue
        first, second = collision.first, collision.second
        yield ctx.report(
            second.effect.site.span,
            f"with its scopes this site is '{second.name}', and so is another: NumPyro's trace "
            "raises on a second site of one name",
            site=second.name,
            model=model.function.name,
            related=(Related(first.effect.site.span, f"'{first.name}' is first here"),),
        )
