"""A latent on a scale far from one.

## What it does
Finds a latent whose prior has a literal scale above 1000 or below 0.001.

## Why is this bad
HMC adapts to scales, and takes longer the further they lie apart; initial values between -2 and 2
are far from such a prior's mass. Scaling the data, or the parameter, makes both easier.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 100000.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 10.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)
```

## References
Stan's pedantic mode, "non-unit scales"
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.ranges import elements
from numpyro_lint.questions import priors
from numpyro_lint.rule import rule

_LEAST, _MOST = 1e-3, 1e3


@rule("unscaled-argument", category=Category.SUPPORTS, severity=Severity.HINT, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for prior in priors(ctx, model):
        step, dist = prior.step, prior.dist
        scale = elements(dist.arg("scale"))
        if scale and not all(_LEAST <= each <= _MOST for each in scale if each > 0):
            yield ctx.report(
                step.site.span,
                f"the prior of '{step.name.glob}' has scale {max(scale):g}: scale the data, or "
                "draw it on a scale near one and multiply",
                site=step.name.literal,
                model=model.function.name,
            )
