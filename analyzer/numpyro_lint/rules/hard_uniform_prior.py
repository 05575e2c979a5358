"""A Uniform prior with ends that nothing in the model demands.

## What it does
Finds a latent with a `Uniform` prior between two literals, other than 0 to 1, -1 to 1
and angles.

## Why is this bad
The posterior is cut off at the ends, wherever the data point, and a value beyond them is ruled out
for good. Where no limit of nature stands there, a prior with tails says the same more gently.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Uniform(-100.0, 100.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 50.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)
```

## References
Stan's pedantic mode, "hard uniform prior"
"""

from __future__ import annotations

from collections.abc import Iterator
from math import pi

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.ranges import elements
from numpyro_lint.questions import priors
from numpyro_lint.rule import rule

_NATURAL = ((0.0, 1.0), (-1.0, 1.0))


@rule("hard-uniform-prior", category=Category.SUPPORTS, severity=Severity.HINT, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for prior in priors(ctx, model):
        step, dist = prior.step, prior.dist
        if dist.family != "Uniform":
            continue
        low, high = elements(dist.arg("low")), elements(dist.arg("high"))
        if low and high and len(low) == len(high) == 1 and low[0] < high[0]:
            if (low[0], high[0]) not in _NATURAL and not _is_angle(low[0], high[0]):
                yield ctx.report(
                    step.site.span,
                    f"the Uniform prior of '{step.name.glob}' rules out all below {low[0]:g} and "
                    f"above {high[0]:g}: a prior with tails leaves the data a say",
                    site=step.name.literal,
                    model=model.function.name,
                )


def _is_angle(low: float, high: float) -> bool:
    """Whether an interval is a whole or half turn."""
    turns = (high - low) / pi
    return min(abs(turns - 1), abs(turns - 2)) < 0.01
