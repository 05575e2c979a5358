"""A hierarchical site whose data do not say clearly which form is the better one.

## What it does
Finds latent sites whose scale is itself latent where the centred form takes NUTS little more steps
than the decentred one (1.1 to 1.5 times as many, or 1.4 to 1.5 where the data give six tenths and
more of what is known of an element), or fewer, but is far sharper in a part of the posterior (4
times, or 6 where it takes half as many or less) than in most of it; where both take about as many
(0.67 to 1.1) and the data give less than half of what is known of an element; and where both forms
are a hundred times as sharp in a part of the posterior. Where forms cannot be compared: where the
data give nearly a half of what is known of an element (0.4 to 0.5), or nearly all of some and less
than that of most.

## Why is this bad
Elements of which the data say little are a funnel when the site is centred, and those of which
they say much are one when it is decentred. Here the two forms are about as good, or each is for
some of the elements: `--verify` runs both for a while and compares. Where the data give about a
half of all of them, the form half way between, `LocScaleReparam(0.5)`, is often better than both.

## Example
```python
def model(y, sigma):
    tau = numpyro.sample("tau", dist.HalfNormal(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        numpyro.sample("y", dist.Normal(theta, sigma), obs=y)


y = jnp.array([1.2, -0.8, 1.5, -1.9, 0.4, -0.3, 2.1, -1.4])
numpyro.handlers.seed(model, 0)(y, 0.85)
```

## Use instead
```python
def model(y, sigma):
    tau = numpyro.sample("tau", dist.HalfNormal(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        numpyro.sample("y", dist.Normal(theta, sigma), obs=y)


y = jnp.array([1.2, -0.8, 1.5, -1.9, 0.4, -0.3, 2.1, -1.4])
numpyro.handlers.seed(model, 0)(y, 0.1)
```

## References
Papaspiliopoulos, Roberts and Sköld, A General Framework for the Parametrization of Hierarchical
Models (2007); Gorinova, Moore and Hoffman, Automatic Reparameterisation of Probabilistic Programs
(2020)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.centring import (
    as_evidence,
    evidence_at,
    form_of,
    in_words,
    is_between,
    sharpness,
)
from numpyro_lint.model.geometry import Funnel, by_place, funnels, in_reparam, too
from numpyro_lint.model.piloted import as_evidence as as_verified
from numpyro_lint.model.piloted import in_words as as_said
from numpyro_lint.model.piloted import pilot_at, says_decentre
from numpyro_lint.questions import inference_predictions
from numpyro_lint.rule import rule

if TYPE_CHECKING:
    from numpyro_lint_runtime.pilots import PilotResult
    from numpyro_lint_runtime.values import SiteEvidence


@rule(
    "uncertain-centering",
    category=Category.GEOMETRY,
    severity=Severity.INFO,
    since="0.1",
    stage=Stage.VALUES,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    if model.trace is None or model.trace.values is None:
        return
    uses = inference_predictions(ctx, model.function)
    for here in by_place(funnels(model.prediction, uses, model.trace)):
        pilot = pilot_at(model.trace, here[0].site.span)
        if says_decentre(pilot) is not None:
            continue
        found = [(each, data) for each in here if (data := evidence_at(model.trace, each))]
        if unclear := [(each, data) for each, data in found if form_of(data) == "either"]:
            yield _finding(*unclear[0], [each for each, _ in unclear], pilot, model, ctx)


def _finding(
    funnel: Funnel,
    found: SiteEvidence,
    alike: Sequence[Funnel],
    pilot: PilotResult | None,
    model: Model,
    ctx: Context,
) -> Diagnostic:
    rest = "--verify compares both forms"
    if pilot is not None:
        rest = as_said(pilot, "decentring it")
    rest += sharpness(found)
    if is_between(found):
        rest += f"; {in_reparam(funnel, '0.5')} goes half way"
    scales = " and ".join(f"'{name}'" for name in funnel.scale_sites)
    return ctx.report(
        funnel.site.span,
        f"whether '{funnel.name}' is better decentred is not clear: its scale comes from "
        f"{scales}, and {in_words(found)}; {rest}{too(alike)}",
        site=funnel.name,
        model=model.function.name,
        source=Origin.GEOMETRY,
        evidence={**as_evidence(found), **as_verified(pilot)},
    )
