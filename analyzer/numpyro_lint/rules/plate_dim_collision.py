"""Two nested plates at one dimension.

## What it does
Finds a plate inside another plate that has the same `dim`.

## Why is this bad
NumPyro raises an AssertionError without any text.

## Example
```python
def model():
    with numpyro.plate("row", 3, dim=-1):
        with numpyro.plate("column", 4, dim=-1):
            numpyro.sample("cell", dist.Normal(0.0, 1.0))
```

## Use instead
```python
def model():
    with numpyro.plate("row", 3, dim=-2):
        with numpyro.plate("column", 4, dim=-1):
            numpyro.sample("cell", dist.Normal(0.0, 1.0))
```

## References
numpyro.plate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity, Stage
from numpyro_lint.model.plates import built_plates
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule


@rule(
    "plate-dim-collision",
    category=Category.PLATES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    found = _written(model, ctx)
    yield from refused(ctx, found, "this plate is at the dim of another one around it", model)


def _written(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for plate in built_plates(model.prediction.executions).values():
        if plate.clash is None:
            continue
        outer = plate.clash.step
        yield ctx.report(
            plate.step.site.span,
            f"this plate is at dim={plate.dim}, and so is the plate '{outer.name.glob}' around it: "
            "NumPyro raises an AssertionError without text; move one of them further left",
            site=plate.step.name.literal,
            model=model.function.name,
            related=(Related(outer.site.span, f"this plate is at dim={plate.dim} too"),),
        )
