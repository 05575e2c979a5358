"""A draw from a prior that cannot be drawn from.

## What it does
Finds a `Predictive` that draws a latent with an `ImproperUniform` distribution from its prior.

## Why is this bad
NumPyro raises NotImplementedError: an improper density has no draws. Under MCMC, which begins at
values of its own, the same model is fine.

## Example
```python
def model(y=None):
    level = numpyro.sample("level", dist.ImproperUniform(dist.constraints.real, (), ()))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


prior = numpyro.infer.Predictive(model, num_samples=100)(jax.random.key(0))
```

## Use instead
```python
def model(y=None):
    level = numpyro.sample("level", dist.Normal(0.0, 100.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


prior = numpyro.infer.Predictive(model, num_samples=100)(jax.random.key(0))
```

## References
numpyro.distributions.ImproperUniform (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.program import Run
from numpyro_lint.rule import rule


@rule(
    "improper-prior-in-predictive",
    category=Category.SUPPORTS,
    severity=Severity.WARNING,
    since="0.1",
)
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    if run.kind != "predictive" or run.stack is None or "ImproperUniform" not in _text(ctx):
        return
    if run.arg("posterior_samples") is not None or run.arg("guide") is not None:
        return
    raised = ctx.prediction(run.stack).raises
    if raised is not None and raised.startswith("NotImplementedError: ImproperUniform"):
        yield ctx.report(
            run.span,
            f"'{run.stack.model.display}' has a latent with an ImproperUniform prior, which cannot "
            "be drawn from: Predictive raises NotImplementedError; pass posterior_samples or give "
            "it a proper prior",
            model=run.stack.model.display,
        )


def _text(ctx: Context) -> str:
    return ctx.module.source.text
