"""A `factor` in a guide.

## What it does
Finds `factor` sites of guides under SVI.

## Why is this bad
What a guide adds to its log density is subtracted from the ELBO: a factor there counts with the
opposite sign, and nothing makes the guide's draws follow it, so that the guide is no longer a
normalised density and the ELBO no bound. NumPyro says nothing.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


def guide(y):
    loc = numpyro.param("loc", 0.0)
    numpyro.sample("level", dist.Normal(loc, 1.0))
    numpyro.factor("penalty", -(loc**2))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.factor("penalty", -(level**2))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


def guide(y):
    loc = numpyro.param("loc", 0.0)
    numpyro.sample("level", dist.Normal(loc, 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## References
numpyro.factor, numpyro.infer.Trace_ELBO (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.fit import Fit
from numpyro_lint.questions import pair
from numpyro_lint.rule import rule


@rule(
    "factor-in-guide",
    category=Category.INFERENCE,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.TRACE,
)
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    if fit.run.kind not in ("svi", "stein") or fit.written is None:
        return
    both = pair(ctx, fit)
    for joined in both.guided.sites if both is not None else ():
        traced = joined.traced
        if traced.type == "factor" and not traced.hidden and joined.span is not None:
            yield ctx.report(
                joined.span,
                _said(traced.name),
                site=traced.name,
                model=fit.name,
                source=Origin.TRACE,
            )
    for effect in fit.written.effects:
        if effect.site.kind == "factor" and effect.type == "factor" and effect.hidden is False:
            yield ctx.report(
                effect.site.span,
                _said(effect.name.glob),
                site=effect.name.literal,
                model=fit.name,
            )


def _said(name: str) -> str:
    return (
        f"the factor '{name}' of the guide is subtracted from the ELBO, with the opposite sign of "
        "one in the model; put it into the model"
    )
