"""One name for two types of site.

## What it does
Finds a `param`, `plate`, `deterministic`, `sample` or `factor` whose name a site of another type
already has on the same path.

## Why is this bad
Where the second is a `param` or a `plate`, NumPyro's trace silently keeps only the last of the two:
a sampled site vanishes, and NUTS then runs without it. Other pairs raise a bare AssertionError.

## Example
```python
def model(y=None):
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    width = numpyro.param("scale", 1.0)
    numpyro.sample("y", dist.Normal(width, scale), obs=y)
```

## Use instead
```python
def model(y=None):
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    width = numpyro.param("width", 1.0)
    numpyro.sample("y", dist.Normal(width, scale), obs=y)
```

## References
numpyro.handlers.trace (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.rule import Context, Model, rule


@rule("site-type-clash", category=Category.NAMES, severity=Severity.ERROR, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for collision in model.collisions:
        if collision.kind != "type":
            continue
        first, second = collision.first, collision.second
        if second.type in ("sample", "deterministic"):
            then = "NumPyro's trace raises on it"
        else:
            then = f"the trace silently keeps only the {second.effect.type}"
        if second.type == "plate":
            then += ", and NUTS raises an AssertionError without text"
        yield ctx.report(
            second.effect.site.span,
            f"'{second.name}' is already the name of a {first.effect.type} site: {then}",
            site=second.name,
            model=model.function.name,
            related=(
                Related(first.effect.site.span, f"'{first.name}' is a {first.effect.type} here"),
            ),
        )
