"""A `param` in a model that is given to MCMC.

## What it does
Finds `param` sites of models under MCMC that no handler lifts or sets.

## Why is this bad
MCMC samples and does not optimise: the param silently stays at its initial value and is not among
the samples.

## Example
```python
def model(y):
    spread = numpyro.param("spread", 1.0, constraint=dist.constraints.positive)
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, spread), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, spread), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## References
numpyro.param, numpyro.handlers.lift (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.fit import Fit
from numpyro_lint.rule import rule


@rule("param-in-mcmc", category=Category.INFERENCE, severity=Severity.WARNING, since="0.1")
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    if fit.run.kind != "mcmc":
        return
    for effect in fit.model.effects:
        if effect.type != "param" or effect.value_from != "init" or not effect.certain:
            continue
        # A neural network may well begin, and stay, with weights that were learnt before.
        if effect.site.kind == "param" and effect.site.name_span is not None:
            yield ctx.report(
                effect.site.span,
                f"MCMC does not learn the param '{effect.name.glob}': it stays at its initial "
                "value; sample it from a prior, or lift it",
                site=effect.name.literal,
                model=fit.name,
            )
