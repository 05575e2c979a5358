"""A site with a name that a handler in use makes for a site of its own.

## What it does
Finds a site that is called as the one which `reparam` or `obs_mask=` adds beside another:
`x_decentered`, `x_centered`, `x_base`, `x_observed`, `x_unobserved` and the like.

## Why is this bad
NumPyro's trace raises an AssertionError on the second site of that name; where one of the two is a
param it keeps the last alone and says nothing.

## Example
```python
def model():
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, spread))
    numpyro.sample("effect_decentered", dist.Normal(0.0, 1.0))


config = {"effect": numpyro.infer.reparam.LocScaleReparam(0)}
decentred = numpyro.handlers.reparam(model, config=config)
```

## Use instead
```python
def model():
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, spread))
    numpyro.sample("unit", dist.Normal(0.0, 1.0))


config = {"effect": numpyro.infer.reparam.LocScaleReparam(0)}
decentred = numpyro.handlers.reparam(model, config=config)
```

## Fix safety
The fix renames the site, with every key of the file that means it; the trace changes, so it is
unsafe.

## References
numpyro.infer.reparam, numpyro.sample (0.22)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Origin, Related, Severity, Stage
from numpyro_lint.facts.api import REPARAMS
from numpyro_lint.model.collide import Collision, Named, collisions, is_made, named_sites
from numpyro_lint.model.program import Module
from numpyro_lint.model.repeated import is_added
from numpyro_lint.questions import mentions
from numpyro_lint.refusals import repeats
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

_SUFFIXES = (
    *(suffix for _, suffix in REPARAMS.values()),
    "_centered",
    "_factor",
    "_observed",
    "_unobserved",
)


@rule(
    "reserved-site-suffix",
    category=Category.NAMES,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for model in ctx.models:
        yield from _traced(model, ctx)
    if not _has_candidate(module):
        return
    found = [collision for model in ctx.models for collision in model.collisions]
    for stack in module.stacks:
        prediction = ctx.prediction(stack)
        found += collisions(prediction, named_sites(prediction))
    for collision in found:
        if collision.kind == "made":
            yield _report(collision, ctx)


def _has_candidate(module: Module) -> bool:
    text = module.source.text
    makes = "obs_mask" in text or any(handler.kind == "reparam" for handler in module.handlers)
    return makes and any(suffix in text for suffix in _SUFFIXES)


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for each in repeats(ctx, model, "made"):
        own, made = each.second, each.first
        if is_added(own):
            own, made = made, own
        if own.span is not None and made.span is not None:
            yield _finding(own.span, own.traced.name, made.span, made.traced.name, ctx)


def _report(collision: Collision, ctx: Context) -> Diagnostic:
    made, own = collision.first, collision.second
    if not is_made(made):
        made, own = own, made
    spans = own.effect.site.span, made.effect.site.span
    rewrite = partial(_renamed, own, ctx)
    return _finding(spans[0], own.name, spans[1], made.name, ctx, rewrite)


def _finding(
    here: Span,
    name: str,
    beside: Span,
    made: str,
    ctx: Context,
    rewrite: Callable[[], Fix | None] | None = None,
) -> Diagnostic:
    return ctx.report(
        here,
        f"'{name}' is also the name of a site that is made beside another: the two clash in "
        "NumPyro's trace",
        site=name,
        source=Origin.STATIC if rewrite else Origin.TRACE,
        related=(Related(beside, f"beside this site '{made}' is made"),),
        rewrite=rewrite,
    )


def _renamed(own: Named, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.rename import free_name, numbered, rename_fix

    site = own.effect.site
    old = site.name.literal or ""
    models = ctx.models
    taken = {effect.name.literal or "" for each in models for effect in each.prediction.effects}
    source = ctx.module.source
    new = free_name(source, site.span, old, taken) or numbered(old, taken)
    return rename_fix(source, mentions(ctx, site), new)
