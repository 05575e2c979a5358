"""A literal that a distribution cannot take.

## What it does
Finds numbers, and literal arrays of numbers, that lie outside of what the argument must be: a
negative scale, a probability above 1, probabilities that do not sum to 1.

## Why is this bad
NumPyro raises `distribution got invalid parameter`; under `jit` it does not look, and the log
density is nan.

## Example
```python
def model():
    numpyro.sample("level", dist.Normal(0.0, -1.0))
```

## Use instead
```python
def model():
    numpyro.sample("level", dist.Normal(0.0, 1.0))
```

## References
numpyro.distributions.Distribution.arg_constraints (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.ranges import elements
from numpyro_lint.model.supports import Argument
from numpyro_lint.questions import limited
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule

# Half of what NumPyro allows a sum of probabilities to be off by (constraints.simplex, 0.22).
_NEARLY = 5e-7


@rule(
    "invalid-distribution-argument",
    category=Category.SUPPORTS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    found = _written(model, ctx)
    yield from refused(ctx, found, "an argument of this distribution is not what it must be", model)


def _written(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for argument in limited(ctx, model):
        if argument.value.depends:
            continue
        numbers = elements(argument.value)
        if numbers and (wrong := _wrong(argument, numbers)):
            yield ctx.report(
                argument.step.site.span,
                f"the {argument.name} of '{argument.step.name.glob}' must be {argument.said}, and "
                f"{wrong}",
                site=argument.step.name.literal,
                model=model.function.name,
            )


def _wrong(argument: Argument, numbers: list[float]) -> str | None:
    """What is wrong with the numbers, in words."""
    low, high, constraint = argument.limits.low, argument.limits.high, argument.constraint
    opened = constraint == "positive" or constraint.startswith("open")
    for number in numbers:
        if number < low or number > high or (opened and number in (low, high)):
            return f"is {number:g}"
    if constraint == "simplex" and len(numbers) > 1 and abs(sum(numbers) - 1) > _NEARLY:
        return f"the sum is {sum(numbers):g}"
    if argument.limits.discrete and any(number % 1 != 0 for number in numbers):
        return "is no whole number"
    return None
