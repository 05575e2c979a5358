"""A guide that draws values which its model rules out.

## What it does
Compares the supports of the distributions that model and guide of one SVI have for a site, as the
text or a trace of both shows them.

## Why is this bad
Where the guide draws outside of the model's support, the log density is minus infinity or nan, and
so is the loss; NumPyro says nothing. With a discrete distribution on one side and a continuous one
on the other, densities are compared with probabilities.

## Example
```python
def model(y):
    rate = numpyro.sample("rate", dist.Gamma(2.0, 1.0))
    numpyro.sample("y", dist.Exponential(rate), obs=y)


def guide(y):
    loc = numpyro.param("loc", 0.0)
    numpyro.sample("rate", dist.Normal(loc, 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## Use instead
```python
def model(y):
    rate = numpyro.sample("rate", dist.Gamma(2.0, 1.0))
    numpyro.sample("y", dist.Exponential(rate), obs=y)


def guide(y):
    loc = numpyro.param("loc", 0.0)
    numpyro.sample("rate", dist.LogNormal(loc, 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## References
numpyro.infer.SVI; Lee and others, Towards Verified Stochastic Variational Inference (2020)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.fit import Fit, family_of
from numpyro_lint.model.guides import Support, support_of, twins
from numpyro_lint.model.pairs import support_of_traced
from numpyro_lint.questions import pair
from numpyro_lint.rule import rule


@rule(
    "guide-support-mismatch",
    category=Category.INFERENCE,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    for inside, outside in twins(fit):
        target, drawn = support_of(inside), support_of(outside)
        if target is None or drawn is None or not drawn.lies_outside(target):
            continue
        name = outside.name.glob
        yield ctx.report(
            outside.site.span,
            f"the guide draws '{name}' from a {family_of(outside)} and the model has a "
            f"{family_of(inside)}: {_why(drawn, target)}",
            site=outside.name.literal,
            model=fit.name,
            related=(Related(inside.site.span, f"'{name}' of the model"),),
        )
    yield from _traced(fit, ctx)


def _traced(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    """What a trace of both shows: it knows the distributions that the text does not tell."""
    both = pair(ctx, fit)
    for inside, outside in both.twins if both is not None else ():
        target, drawn = support_of_traced(inside), support_of_traced(outside)
        if target is None or drawn is None or not drawn.lies_outside(target):
            continue
        if outside.span is None:
            continue
        name = outside.traced.name
        yield ctx.report(
            outside.span,
            f"the guide draws '{name}' from a {outside.traced.distribution} and the model has a "
            f"{inside.traced.distribution}: {_why(drawn, target)}",
            site=name,
            model=fit.name,
            source=Origin.TRACE,
            related=(Related(inside.span, f"'{name}' of the model"),) if inside.span else (),
            evidence={"guide": outside.traced.support, "model": inside.traced.support},
        )


def _why(drawn: Support, target: Support) -> str:
    if target.structure or drawn.whole == target.whole:
        return "what lies outside of its support makes the loss infinite or nan"
    return "one is discrete and the other is not"
