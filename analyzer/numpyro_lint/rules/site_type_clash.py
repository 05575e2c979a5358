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

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.repeated import kind_of
from numpyro_lint.refusals import repeats
from numpyro_lint.rule import rule

_RAISES = "NumPyro's trace raises on it"


@rule(
    "site-type-clash",
    category=Category.NAMES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for collision in model.collisions:
        if collision.kind != "type":
            continue
        first, second = collision.first, collision.second
        yield ctx.report(
            second.effect.site.span,
            f"'{second.name}' is already the name of a {first.effect.type} site: "
            f"{_then(second.type)}",
            site=second.name,
            model=model.function.name,
            related=(
                Related(first.effect.site.span, f"'{first.name}' is a {first.effect.type} here"),
            ),
        )
    yield from _traced(model, ctx)


def _then(second: str) -> str:
    """What becomes of two sites of one name when the second is of this type."""
    if second in ("sample", "deterministic"):
        return _RAISES
    then = f"the trace silently keeps only the {second}"
    return f"{then}, and NUTS raises an AssertionError without text" if second == "plate" else then


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """Two traced sites of one name and two types."""
    for each in repeats(ctx, model, "type"):
        name, kind = each.second.traced.name, each.first.traced.type
        yield ctx.report(
            each.at,
            f"'{name}' is already the name of a {kind} site: {_then(kind_of(each.second))}",
            site=name,
            model=model.function.name,
            source=Origin.TRACE,
            related=(Related(each.first_at, f"'{name}' is a {kind} here"),),
        )
