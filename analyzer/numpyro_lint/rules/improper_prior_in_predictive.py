"""A draw from a prior that cannot be drawn from.

## What it does
Finds a `Predictive` that draws a latent with an `ImproperUniform` distribution from its prior. A
trace of the run knows distributions that are not in sight.

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
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.program import Run, Stack
from numpyro_lint.model.values import is_none
from numpyro_lint.refusals import together
from numpyro_lint.rule import rule

_FAMILY = "ImproperUniform"


@rule(
    "improper-prior-in-predictive",
    category=Category.SUPPORTS,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.TRACE,
)
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    drawn = all(is_none(run.arg(name)) for name in ("posterior_samples", "guide"))
    if run.kind == "predictive" and run.stack is not None and drawn:
        yield from together(_written(run, run.stack, ctx), _traced(run, run.stack, ctx))


def _written(run: Run, stack: Stack, ctx: Context) -> Iterator[Diagnostic]:
    raised = ctx.prediction(stack).raises if _FAMILY in ctx.module.source.text else None
    if raised is not None and raised.startswith(f"NotImplementedError: {_FAMILY}"):
        yield _finding(run, stack, "a latent with", Origin.STATIC, ctx)


def _traced(run: Run, stack: Stack, ctx: Context) -> Iterator[Diagnostic]:
    """What a trace shows of distributions that are not in sight."""
    trace = ctx.run_trace(stack)
    for joined in trace.sites if trace is not None else ():
        traced = joined.traced
        drawn = traced.value_from == "prior" and not traced.observed
        if traced.type == "sample" and traced.distribution == _FAMILY and drawn:
            yield _finding(run, stack, f"'{traced.name}' with", Origin.TRACE, ctx)
            return


def _finding(run: Run, stack: Stack, what: str, source: Origin, ctx: Context) -> Diagnostic:
    return ctx.report(
        run.span,
        f"'{stack.model.display}' has {what} an {_FAMILY} prior, which cannot be drawn from: "
        "Predictive raises NotImplementedError; pass posterior_samples or give it a proper prior",
        model=stack.model.display,
        source=source,
    )
