"""A plate whose size, subsample_size or dim cannot be.

## What it does
Finds plates whose size is not a positive whole number, whose `subsample_size` is larger than the
plate or not a positive whole number, and whose `dim` is not negative.

## Why is this bad
NumPyro raises an error, but for a `subsample_size` larger than the plate: there it warns and takes
all elements, and for a size with a fraction, which it rounds up and then rescales by.

## Example
```python
def model(y):
    with numpyro.plate("data", 8, dim=0):
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)
```

## Use instead
```python
def model(y):
    with numpyro.plate("data", 8, dim=-1):
        numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)
```

## References
numpyro.plate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.binding import resolve
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Const
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule

Number = int | float | None


@rule(
    "invalid-plate",
    category=Category.PLATES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    found = _written(model, ctx)
    yield from refused(ctx, found, "this plate cannot be made", model)


def _written(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for step in model.prediction.executions:
        if step.site.kind != "plate":
            continue
        wrong = _wrong(step)
        # What a number is on a branch that may be taken for other numbers is not known.
        if wrong is not None and not step.arms:
            yield ctx.report(
                step.site.span,
                f"the plate '{step.name.glob}' {wrong}",
                site=step.name.literal,
                model=model.function.name,
            )


def _wrong(step: Execution) -> str | None:
    size, sub, dim = (_number(step, name) for name in ("size", "subsample_size", "dim"))
    if dim is not None and dim >= 0:
        return f"has dim={dim}: dims count from the right, so they are negative (dim=-1)"
    if size is not None and size <= 0:
        return f"has size {size}: NumPyro raises, a plate has one element at least"
    if size is not None and size % 1 > 0:
        return f"has size {size}, which is no whole number: NumPyro rounds it up and scales by it"
    if sub is None:
        return None
    if sub <= 0:
        return f"has subsample_size={sub}: NumPyro raises, a subsample has one element at least"
    if size is not None and sub > size:
        return (
            f"has {size} elements and subsample_size={sub}: NumPyro warns and takes all {size}, "
            "in random order"
        )
    return None


def _number(step: Execution, name: str) -> Number:
    value = step.site.arg(name)
    value = resolve(value, step.values) if value is not None else None
    if isinstance(value, Const) and type(value.value) in (int, float):
        return value.value  # type: ignore[return-value]
    return None
