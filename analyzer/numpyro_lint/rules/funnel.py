"""A latent site whose scale is itself latent: a funnel.

## What it does
Finds latent sites of a location-scale family whose scale was computed from another latent site,
and that are not yet reparameterised.

## Why is this bad
Where the data say little about each element, the posterior narrows to a funnel as the scale gets
small: NUTS diverges and misses part of it. `LocScaleReparam(0)` samples the site decentred. Where
the data say much about each element the centred form is the better one, so without evidence from
the data this is said as information only; where no observation depends on the site it is a warning.

## Example
```python
def model(y=None):
    spread = numpyro.sample("spread", dist.HalfCauchy(5.0))
    with numpyro.plate("school", 8):
        effect = numpyro.sample("effect", dist.Normal(0.0, spread))
        numpyro.sample("y", dist.Normal(effect, 10.0), obs=y)
```

## Use instead
```python
@numpyro.handlers.reparam(config={"effect": numpyro.infer.reparam.LocScaleReparam(0)})
def model(y=None):
    spread = numpyro.sample("spread", dist.HalfCauchy(5.0))
    with numpyro.plate("school", 8):
        effect = numpyro.sample("effect", dist.Normal(0.0, spread))
        numpyro.sample("y", dist.Normal(effect, 10.0), obs=y)
```

## Fix safety
The sites change (`effect_decentered` is sampled, `effect` computed), so the fix is unsafe.

## References
Betancourt and Girolami, Hamiltonian Monte Carlo for Hierarchical Models (2013);
Gorinova, Moore and Hoffman, Automatic Reparameterisation of Probabilistic Programs (2020)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Origin, Related, Severity
from numpyro_lint.facts.distributions import LOC_SCALE
from numpyro_lint.model.geometry import Funnel, funnels
from numpyro_lint.model.keys import keys_of
from numpyro_lint.model.supports import Draw
from numpyro_lint.questions import draws, inference_predictions
from numpyro_lint.rule import rule


@rule("funnel", category=Category.GEOMETRY, severity=Severity.WARNING, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    if model.function.role != "model" or not any(map(_may_be, draws(ctx, model))):
        return
    uses = inference_predictions(ctx, model.function)
    for funnel in funnels(model.prediction, uses, model.trace):
        yield _finding(funnel, model, ctx)


def _may_be(draw: Draw) -> bool:
    """Whether a site is of a location-scale family with a scale that is computed from others."""
    scale = draw.dist.arg("scale") if draw.family in LOC_SCALE else None
    return scale is not None and bool(scale.depends)


def _finding(funnel: Funnel, model: Model, ctx: Context) -> Diagnostic:
    suggestion = "LocScaleReparam(0)"
    if funnel.shape_params:
        names = ", ".join(f'"{name}"' for name in funnel.shape_params)
        suggestion = f"LocScaleReparam(0, shape_params=[{names}])"
    scales = " and ".join(f"'{name}'" for name in funnel.scale_sites)
    blind = funnel.observed_below is False
    when = (
        "no observation depends on it, so it is a funnel"
        if blind
        else "where the data say little about each element it is a funnel"
    )
    return ctx.report(
        funnel.site.span,
        f"the scale of '{funnel.name}' depends on {scales}: {when}; {suggestion} in "
        "handlers.reparam decentres it",
        severity=Severity.WARNING if blind else Severity.INFO,
        site=funnel.name,
        model=model.function.name,
        source=Origin.TRACE if funnel.traced else Origin.STATIC,
        related=tuple(
            Related(site.span, f"the scale comes from '{site.name.glob}'")
            for site in funnel.parents
        ),
        evidence={"reparam": suggestion, "scale_sites": list(funnel.scale_sites)},
        rewrite=lambda: _decentred(funnel.name, suggestion, model, ctx),
    )


def _decentred(name: str, suggestion: str, model: Model, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.reparam import decentred

    if "*" in name or _keyed(name, ctx):
        return None
    return decentred(ctx.module, model.function, {name: suggestion})


def _keyed(name: str, ctx: Context) -> bool:
    """Whether a handler of the file goes by this site as it is: it would meet another then."""
    return any(key.text.endswith(name) for each in ctx.module.handlers for key in keys_of(each))
