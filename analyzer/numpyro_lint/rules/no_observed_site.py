"""Inference that observes nothing.

## What it does
Finds runs of MCMC and SVI in which no site is observed and no factor is added. A trace of the run
knows arguments that turn out to be None.

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
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.ir import Dist
from numpyro_lint.model.program import Run, Stack
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.model.witnessed import samples
from numpyro_lint.refusals import together
from numpyro_lint.rule import rule


@rule(
    "no-observed-site",
    category=Category.OBSERVATIONS,
    severity=Severity.INFO,
    since="0.1",
    stage=Stage.TRACE,
)
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    if run.kind in ("mcmc", "svi") and run.stack is not None:
        yield from together(_written(run, run.stack, ctx), _traced(run, run.stack, ctx))


def _written(run: Run, stack: Stack, ctx: Context) -> Iterator[Diagnostic]:
    prediction = ctx.prediction(stack)
    if not prediction.complete or prediction.raises is not None or prediction.may_raise:
        return
    sampled = [effect for effect in prediction.effects if effect.type in ("sample", "factor")]
    if sampled and not any(map(_may_count, sampled)):
        yield _finding(run, stack, _left_out(prediction), Origin.STATIC, ctx)


def _traced(run: Run, stack: Stack, ctx: Context) -> Iterator[Diagnostic]:
    """A run that its trace shows to observe nothing."""
    trace = ctx.run_trace(stack)
    if trace is None or any(joined.traced.type == "factor" for joined in trace.sites):
        return
    found = samples(trace)
    plain = all(_is_prior(joined.traced.distribution) for joined in found)
    if found and plain and not any(joined.traced.observed for joined in found):
        left = [joined for joined in found if joined.site is not None and joined.site.obs]
        names = [joined.traced.name for joined in left]
        yield _finding(run, stack, names, Origin.TRACE, ctx)


def _finding(run: Run, stack: Stack, left: list[str], source: Origin, ctx: Context) -> Diagnostic:
    ending = (
        f"'{left[0]}' gets no data in this run" if left else "and no factor adds to its log density"
    )
    return ctx.report(
        run.span,
        f"nothing is observed in '{stack.model.display}', {ending}: the posterior is the prior, "
        "which Predictive draws from at once",
        site=left[0] if left else None,
        model=stack.model.display,
        source=source,
    )


def _is_prior(family: str | None) -> bool:
    """Whether what is drawn of a family adds nothing else to the log density than its prior."""
    return family in FAMILIES and family not in ("Delta", "Unit", "ImproperUniform")


def _may_count(effect: Effect) -> bool:
    """Whether a site may add to the log density otherwise than as a draw from its prior: a
    distribution of the user's own may well be a likelihood."""
    dist = effect.site.dist
    known = isinstance(dist, Dist) and _is_prior(dist.family)
    return not known or effect.observed is not False or effect.name.is_opaque


def _left_out(prediction: Prediction) -> list[str]:
    """The sites that would be observed if they were given data."""
    return [
        step.name.glob
        for step in prediction.executions
        if step.site.kind == "sample" and step.site.obs is not None
    ]
