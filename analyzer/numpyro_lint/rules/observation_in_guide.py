"""An observed site in a guide.

## What it does
Finds sites of a guide that are given `obs=` and that the model has too.

## Why is this bad
Where the model observes the site as well, the guide's log density of the data is subtracted from
the model's: the data cancel out in part, and nothing is said. Where the site is a latent one of the
model, the value does not reach it: NumPyro raises that the site must be sampled in the trace.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


def guide(y):
    level = numpyro.sample("level", dist.Normal(numpyro.param("loc", 0.0), 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


def guide(y):
    numpyro.sample("level", dist.Normal(numpyro.param("loc", 0.0), 1.0))


svi = SVI(model, guide, numpyro.optim.Adam(0.1), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 10, 1.0)
```

## References
numpyro.infer.Trace_ELBO, numpyro.handlers.replay (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.fit import Fit
from numpyro_lint.model.stack import Effect
from numpyro_lint.questions import pair
from numpyro_lint.rule import rule


@rule(
    "observation-in-guide",
    category=Category.INFERENCE,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    if fit.run.kind != "svi" or fit.written is None:
        return
    yield from _traced(fit, ctx)
    observed = [effect for effect in fit.written.effects if _is_observed(effect)]
    if not observed:
        return
    sites = {effect.name: effect for effect in fit.model.effects if effect.type == "sample"}
    for effect in observed:
        twin = sites.get(effect.name)
        if twin is None or twin.observed is None or not twin.certain:
            continue
        if fit.loss == "TraceMeanField_ELBO" and twin.observed:
            # It leaves out what the guide observes.
            continue
        yield ctx.report(
            effect.site.span,
            _said(effect.name.glob, twin.observed),
            site=effect.name.literal,
            model=fit.name,
        )


def _traced(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    """What a trace of both shows: which arguments are observations, and of which sites."""
    both = pair(ctx, fit)
    if both is None:
        return
    for joined in both.guided.sites:
        name = joined.traced.name
        if joined.traced.type != "sample" or not joined.traced.observed or joined.traced.hidden:
            continue
        also = name in both.observed
        left_out = also and fit.loss == "TraceMeanField_ELBO"
        if joined.span is not None and not left_out and (also or name in both.model):
            yield ctx.report(
                joined.span, _said(name, also), site=name, model=fit.name, source=Origin.TRACE
            )


def _said(name: str, also_observed: bool) -> str:
    then = (
        "its log density is subtracted from that of the model's data"
        if also_observed
        else "the model has it as latent, and NumPyro raises"
    )
    return f"the guide observes '{name}': {then}; a guide has latent sites alone"


def _is_observed(effect: Effect) -> bool:
    named = effect.name.literal is not None and effect.type == "sample"
    return named and effect.observed is True and effect.hidden is False and effect.certain
