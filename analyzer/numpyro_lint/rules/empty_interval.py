"""A support whose low end is not below its high end.

## What it does
Finds `Uniform(3.0, -3.0)`, `TruncatedNormal(low=2.0, high=1.0)` and the like, where both ends are
literals.

## Why is this bad
NumPyro says nothing. The log density of such a `Uniform` is no number or means nothing, and
inference goes on.

## Example
```python
def model():
    numpyro.sample("slope", dist.Uniform(3.0, -3.0))
```

## Use instead
```python
def model():
    numpyro.sample("slope", dist.Uniform(-3.0, 3.0))
```

## References
numpyro.distributions.Uniform (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.densities import scored
from numpyro_lint.model.ranges import elements
from numpyro_lint.model.supports import Draw
from numpyro_lint.questions import draws
from numpyro_lint.refusals import together
from numpyro_lint.rule import rule


@rule(
    "empty-interval",
    category=Category.SUPPORTS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    yield from together(_written(model, ctx), _traced(model, ctx))


def _written(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for draw in draws(ctx, model):
        ends = _ends(draw)
        if ends is not None and _is_empty(draw, *ends):
            (low, high), step = ends, draw.step
            yield ctx.report(
                step.site.span,
                f"the support of '{step.name.glob}' is empty: its low end {low:g} is not below its "
                f"high end {high:g}, and NumPyro says nothing",
                site=step.name.literal,
                model=model.function.name,
            )


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for joined in scored(model.traces):
        empty = joined.traced.empty_support
        if empty is not None and joined.span is not None and not joined.traced.masked:
            yield ctx.report(
                joined.span,
                f"the support of '{joined.traced.name}' is empty: its ends are {empty}, and "
                "NumPyro says nothing",
                site=joined.traced.name,
                model=model.function.name,
                source=Origin.TRACE,
            )


def _ends(draw: Draw) -> tuple[float, float] | None:
    """The two ends of the support, where arguments give both as numbers."""
    bounds = FAMILIES[draw.family].bounds
    if bounds is None or not all(isinstance(bound, str) for bound in bounds):
        return None
    low, high = (elements(draw.dist.arg(str(bound))) for bound in bounds)
    if low is None or high is None or len(low) != 1 or len(high) != 1:
        return None
    return low[0], high[0]


def _is_empty(draw: Draw, low: float, high: float) -> bool:
    return low > high or (low == high and not FAMILIES[draw.family].discrete)
