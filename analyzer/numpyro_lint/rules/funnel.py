"""A latent site whose scale is itself latent: a funnel.

## What it does
Finds latent sites of a location-scale family whose scale was computed from another latent site,
and that are not yet reparameterised.

## Why is this bad
Where the data say little about each element, the posterior narrows to a funnel as the scale gets
small: NUTS diverges and misses part of it. `LocScaleReparam(0)` samples the site decentred. Where
the data say much about each element the centred form is the better one, by far.

So the data are asked: of a model that was traced with arguments of the program, it is found how
much of what is known of an element comes from them, the scale being taken from its marginal
posterior, and about how many steps a draw takes NUTS in either form, by the curvature of the
posterior. From 1.5 times the steps of the decentred form on this is a warning. Where that is not
clear, or neither form is sound, [uncertain-centering](uncertain-centering.md) speaks of it, and
where the centred form is no harder nobody does. Without that evidence it is information only, and a
warning where no observation depends on the site.

`--verify` runs NUTS in both forms for a short while: where that hurts nothing is said, where it
helps this is a warning with the figures, and where it makes no difference information.

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
The sites change (`effect_decentered` is sampled, `effect` computed), so the fix is unsafe. There is
none for a site with a `sample_shape`: a reparam leaves it out (NumPyro 0.22), and the site would
have the shape of its distribution alone, without a word. `.expand` in its place is kept.

## References
Betancourt and Girolami, Hamiltonian Monte Carlo for Hierarchical Models (2013);
Gorinova, Moore and Hoffman, Automatic Reparameterisation of Probabilistic Programs (2020)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.facts.distributions import LOC_SCALE
from numpyro_lint.model.centring import as_evidence, when
from numpyro_lint.model.geometry import Funnel, funnels, in_reparam, reparam_of, too
from numpyro_lint.model.piloted import as_evidence as as_verified
from numpyro_lint.model.piloted import in_words as as_said
from numpyro_lint.model.piloted import to_decentre
from numpyro_lint.model.supports import Draw
from numpyro_lint.questions import decentred, draws, inference_predictions
from numpyro_lint.rule import rule

if TYPE_CHECKING:
    from numpyro_lint_runtime.pilots import PilotResult
    from numpyro_lint_runtime.values import SiteEvidence


@rule(
    "funnel", category=Category.GEOMETRY, severity=Severity.WARNING, since="0.1", stage=Stage.VALUES
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    if model.function.role != "model" or not any(map(_may_be, draws(ctx, model))):
        return
    uses = inference_predictions(ctx, model.function)
    found = funnels(model.prediction, uses, model.trace)
    for alike, evidence, pilot in to_decentre(found, model.trace):
        yield _finding(alike, evidence, pilot, model, ctx)


def _severity(is_evident: bool, pilot: PilotResult | None) -> Severity:
    if pilot is not None and pilot.verdict in ("helps", "no difference"):
        return Severity.WARNING if pilot.verdict == "helps" else Severity.INFO
    return Severity.WARNING if is_evident else Severity.INFO


def _may_be(draw: Draw) -> bool:
    """Whether a site is of a location-scale family with a scale that is computed from others."""
    scale = draw.dist.arg("scale") if draw.family in LOC_SCALE else None
    return scale is not None and bool(scale.depends)


def _finding(
    alike: Sequence[Funnel],
    found: SiteEvidence | None,
    pilot: PilotResult | None,
    model: Model,
    ctx: Context,
) -> Diagnostic:
    """The finding on a site: `alike` are all names under which it is to be decentred."""
    funnel = alike[0]
    suggestion = reparam_of(funnel.shape_params, "0")
    scales = " and ".join(f"'{name}'" for name in funnel.scale_sites)
    said = f"; {as_said(pilot, 'that')}" if pilot is not None else ""
    return ctx.report(
        funnel.site.span,
        f"the scale of '{funnel.name}' depends on {scales}: "
        f"{when(funnel, found, model.trace)}; {in_reparam(funnel, '0')} decentres it"
        f"{too(alike)}{said}",
        severity=_severity(funnel.observed_below is False or found is not None, pilot),
        site=funnel.name,
        model=model.function.name,
        source=Origin.GEOMETRY
        if found is not None or pilot is not None
        else Origin.TRACE
        if funnel.traced
        else Origin.STATIC,
        related=tuple(
            Related(site.span, f"the scale comes from '{name}'")
            for site, name in zip(funnel.parents, funnel.scale_sites, strict=True)
        ),
        evidence={
            "reparam": suggestion,
            "scale_sites": list(funnel.scale_sites),
            **(as_evidence(found) if found is not None else {}),
            **as_verified(pilot),
        },
        rewrite=lambda: decentred(ctx, model, [each.name for each in alike], suggestion),
    )
