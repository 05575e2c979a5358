"""A Gamma or InverseGamma prior with two equal and small parameters.

## What it does
Finds `Gamma(0.001, 0.001)`, `InverseGamma(0.01, 0.01)` and the like as the prior of a latent.

## Why is this bad
It is meant to say nothing and says much: nearly all of its mass stands next to zero, and the
posterior of a variance near zero depends on the small number that was chosen.

## Example
```python
def model(y):
    variance = numpyro.sample("variance", dist.InverseGamma(0.001, 0.001))
    numpyro.sample("y", dist.Normal(0.0, jnp.sqrt(variance)), obs=y)
```

## Use instead
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Normal(0.0, spread), obs=y)
```

## References
Gelman (2006), Prior distributions for variance parameters in hierarchical models; Stan's pedantic
mode
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.ranges import elements
from numpyro_lint.questions import priors
from numpyro_lint.rule import rule

_SMALL = 0.5


@rule("equal-small-gamma", category=Category.SUPPORTS, severity=Severity.HINT, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for prior in priors(ctx, model):
        step, dist = prior.step, prior.dist
        if dist.family not in ("Gamma", "InverseGamma"):
            continue
        first, second = elements(dist.arg("concentration")), elements(dist.arg("rate"))
        if first and first == second and max(first) < _SMALL:
            yield ctx.report(
                step.site.span,
                f"{dist.family}({first[0]:g}, {first[0]:g}) for '{step.name.glob}' has nearly all "
                "of its mass next to zero: it is not the vague prior that it looks like",
                site=step.name.literal,
                model=model.function.name,
            )
