"""An observation whose possible values depend on a latent.

## What it does
Finds an observed site whose distribution has an end of its support from a latent site, such as
`Uniform(0.0, theta)` or `TruncatedNormal(low=theta)`.

## Why is this bad
Wherever an observation falls outside, the log density is minus infinity, and its gradient does not
tell the way back. HMC starts at random values, and where it finds none that fit it stops with
"Cannot find valid initial parameters".

## Example
```python
def model(y):
    top = numpyro.sample("top", dist.HalfNormal(10.0))
    numpyro.sample("y", dist.Uniform(0.0, top), obs=y)
```

## Use instead
```python
def model(y):
    excess = numpyro.sample("excess", dist.HalfNormal(10.0))
    numpyro.sample("y", dist.Uniform(0.0, jnp.max(y) + excess), obs=y)
```

## References
Stan reference manual, "variable support"; numpyro issue 241
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.ir import Const, Site
from numpyro_lint.model.ranges import elements, range_of
from numpyro_lint.model.supports import Draw
from numpyro_lint.questions import draws
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule("dynamic-support", category=Category.SUPPORTS, severity=Severity.INFO, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    latent: dict[Span, Site] = {}
    for draw in draws(ctx, model):
        site = draw.step.site
        if site.obs in (None, Const(None)):
            latent[site.span] = site
        elif latent and FAMILIES[draw.family].bounds is not None:
            yield from _observed(draw, latent, model, ctx)


def _observed(
    draw: Draw, latent: dict[Span, Site], model: Model, ctx: Context
) -> Iterator[Diagnostic]:
    step = draw.step
    for bound in FAMILIES[draw.family].bounds or ():
        value = draw.dist.arg(bound) if isinstance(bound, str) else None
        if value is None or elements(value) is not None:
            continue
        found = range_of(value, step.values)
        sources = [latent[span] for span in sorted(found.leaves) if span in latent] if found else []
        if sources:
            names = " and ".join(f"'{site.name.glob}'" for site in sources)
            yield ctx.report(
                step.site.span,
                f"which values '{step.name.glob}' can have depends on {names}: where an "
                "observation falls outside, the log density is minus infinity without a gradient",
                site=step.name.literal,
                model=model.function.name,
                related=tuple(Related(s.span, f"'{s.name.glob}' is drawn here") for s in sources),
            )
            return
