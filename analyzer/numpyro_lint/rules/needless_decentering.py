"""A site that is decentred though its data are informative.

## What it does
Finds sites that are decentred, by `LocScaleReparam(0)` around the model or by hand as
`loc + scale * z`, where that takes NUTS 1.75 times the steps of the centred form and more, by the
curvature of the posterior. Where forms cannot be compared: where the data give 80 % and more of
what is known of an element.

## Why is this bad
The better the data tell `loc + scale * z`, the tighter they tie `z` to `scale`: what was to mend a
funnel makes another one. Measured, NUTS has some 5 times fewer effective draws per gradient than in
the centred form where the data give 80 % of what is known of an element, and 60 to 400 times fewer
where they give 99 % and more.

## Example
```python
def model(y):
    tau = numpyro.sample("tau", dist.HalfNormal(5.0))
    with numpyro.plate("group", 8):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(tau * z, 0.05), obs=y)


numpyro.handlers.seed(model, 0)(jnp.array([1.2, -0.8, 1.5, -1.9, 0.4, -0.3, 2.1, -1.4]))
```

## Use instead
```python
def model(y):
    tau = numpyro.sample("tau", dist.HalfNormal(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        numpyro.sample("y", dist.Normal(theta, 0.05), obs=y)


numpyro.handlers.seed(model, 0)(jnp.array([1.2, -0.8, 1.5, -1.9, 0.4, -0.3, 2.1, -1.4]))
```

## References
Papaspiliopoulos, Roberts and Sköld, A General Framework for the Parametrization of Hierarchical
Models (2007)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.attach import Joined
from numpyro_lint.model.centring import as_evidence, evidence_of, in_words, is_needless
from numpyro_lint.model.piloted import as_evidence as as_verified
from numpyro_lint.model.piloted import in_words as as_said
from numpyro_lint.model.piloted import pilot_at
from numpyro_lint.questions import inference_predictions
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "needless-decentering",
    category=Category.GEOMETRY,
    severity=Severity.INFO,
    since="0.1",
    stage=Stage.VALUES,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for joined, found in evidence_of(model.trace):
        if joined.span is None or not is_needless(found):
            continue
        if not found.site.standard and not _is_decentred(joined.span, model, ctx):
            continue
        pilot = pilot_at(model.trace, joined.span)
        if pilot is not None and pilot.verdict == "hurts":
            continue
        rest = "the centred form is likely better"
        if pilot is not None:
            said = as_said(pilot, "centring it")
            rest = f"{rest}; {said}" if pilot.verdict == "cannot tell" else said
        scales = " and ".join(f"'{name}'" for name in found.site.scales)
        yield ctx.report(
            joined.span,
            f"{_what(joined, found.site.standard)} is decentred, its scale being {scales}, and "
            f"{in_words(found)}: {rest}",
            site=joined.traced.name,
            model=model.function.name,
            source=Origin.GEOMETRY,
            evidence={**as_evidence(found), **as_verified(pilot)},
        )


def _what(joined: Joined, standard: bool) -> str:
    """What is decentred: a standard site stands for what is made of it."""
    name = joined.traced.name
    if standard and name.endswith("_decentered"):
        return f"'{name.removesuffix('_decentered')}'"
    return f"what is made of '{name}'" if standard else f"'{name}'"


def _is_decentred(span: Span, model: Model, ctx: Context) -> bool:
    """Whether every inference of the file that samples the model reparameterises a site."""
    uses = inference_predictions(ctx, model.function)
    return bool(uses) and all(
        any(e.site.span == span and e.value_from == "reparam" for e in use.effects) for use in uses
    )
