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
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity
from numpyro_lint.model.attach import kind_of, named_twice
from numpyro_lint.rule import rule

_RAISES = "NumPyro's trace raises on it"


@rule("site-type-clash", category=Category.NAMES, severity=Severity.ERROR, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for collision in model.collisions:
        if collision.kind != "type":
            continue
        first, second = collision.first, collision.second
        if second.type in ("sample", "deterministic"):
            then = _RAISES
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
    yield from _traced(model, ctx)


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """Two traced sites of one name and two types."""
    if model.trace is None or model.is_drawn:
        return
    for first, second in named_twice(model.trace):
        if kind_of(first) != kind_of(second) and second.span and first.span:
            name, kind = second.traced.name, first.traced.type
            yield ctx.report(
                second.span,
                f"'{name}' is already the name of a {kind} site: {_RAISES}",
                site=name,
                model=model.function.name,
                source=Origin.TRACE,
                related=(Related(first.span, f"'{name}' is a {kind} here"),),
            )
