"""Inference that observes nothing.

## What it does
Finds runs of MCMC and SVI in which no site is observed and no factor is added.

## Why is this bad
Without data the posterior is the prior. Often an argument was forgotten: `mcmc.run(key, x)` where
the model has `y=None`. Draws from the prior are had from Predictive at once.

## Example
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0, 2.0)
```

## References
numpyro.infer.MCMC, numpyro.infer.SVI (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.ir import Dist
from numpyro_lint.model.program import Run
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.rule import rule


@rule("no-observed-site", category=Category.OBSERVATIONS, severity=Severity.INFO, since="0.1")
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    if run.kind not in ("mcmc", "svi") or run.stack is None:
        return
    prediction = ctx.prediction(run.stack)
    if not prediction.complete or prediction.raises is not None or prediction.may_raise:
        return
    sampled = [effect for effect in prediction.effects if effect.type in ("sample", "factor")]
    if not sampled or any(map(_may_count, sampled)):
        return
    left = _left_out(prediction)
    ending = (
        f"'{left[0]}' gets no data in this run" if left else "and no factor adds to its log density"
    )
    yield ctx.report(
        run.span,
        f"nothing is observed in '{run.stack.model.display}', {ending}: the posterior is the "
        "prior, which Predictive draws from at once",
        site=left[0] if left else None,
        model=run.stack.model.display,
    )


def _may_count(effect: Effect) -> bool:
    """Whether a site may add to the log density otherwise than as a draw from its prior: a
    distribution of the user's own may well be a likelihood."""
    dist = effect.site.dist
    known = isinstance(dist, Dist) and dist.family not in (None, "Delta", "Unit", "ImproperUniform")
    return not known or effect.observed is not False or effect.name.is_opaque


def _left_out(prediction: Prediction) -> list[str]:
    """The sites that would be observed if they were given data."""
    return [
        step.name.glob
        for step in prediction.executions
        if step.site.kind == "sample" and step.site.obs is not None
    ]
