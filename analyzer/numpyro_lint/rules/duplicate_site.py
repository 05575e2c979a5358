"""Two sites of one name on one path through a model.

## What it does
Finds a `sample`, `deterministic` or `factor` site whose name an earlier site of the same run
already has, helpers of the file included. Sites on exclusive branches do not count.

## Why is this bad
NumPyro's trace raises `all sites must have unique names`; without a trace around it the second
site silently stands for the first.

## Example
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    offset = numpyro.sample("slope", dist.Normal(0.0, 5.0))
    numpyro.sample("y", dist.Normal(offset + slope * x, 1.0), obs=y)
```

## Use instead
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    offset = numpyro.sample("offset", dist.Normal(0.0, 5.0))
    numpyro.sample("y", dist.Normal(offset + slope * x, 1.0), obs=y)
```

## Fix safety
The fix names a site after the variable that it is assigned to, or numbers it, wherever the file
means that site alone; the trace changes, so it is unsafe.

## References
numpyro.handlers.trace (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Origin, Related, Severity, Stage
from numpyro_lint.model.collide import Collision
from numpyro_lint.questions import mentions
from numpyro_lint.refusals import repeats
from numpyro_lint.rule import rule


@rule(
    "duplicate-site",
    category=Category.NAMES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for collision in model.collisions:
        if collision.kind == "duplicate":
            first, second = collision.first, collision.second
            yield ctx.report(
                second.effect.site.span,
                f"the site '{second.name}' is already in this model: NumPyro's trace raises on a "
                "second site of one name",
                site=second.name,
                model=model.function.name,
                related=(Related(first.effect.site.span, f"'{first.name}' is first here"),),
                rewrite=partial(_renamed, collision, model, ctx),
            )
    yield from _traced(model, ctx)


def _renamed(collision: Collision, model: Model, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.rename import free_name, numbered, rename_fix

    source = ctx.module.source
    taken = {effect.name.literal or "" for effect in model.prediction.effects}
    first, second = collision.first.effect.site, collision.second.effect.site
    for site in (second, first):
        new = free_name(source, site.span, second.name.literal or "", taken)
        if new is not None:
            return rename_fix(source, mentions(ctx, site), new)
    return rename_fix(source, mentions(ctx, second), numbered(second.name.literal or "", taken))


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """Two traced sites of one name and type from two places of the text."""
    for each in repeats(ctx, model, "duplicate"):
        name = each.second.traced.name
        yield ctx.report(
            each.at,
            f"the site '{name}' is already in this model: NumPyro's trace raises on a second site "
            "of one name",
            site=name,
            model=model.function.name,
            source=Origin.TRACE,
            related=(Related(each.first_at, f"'{name}' is first here"),),
        )
