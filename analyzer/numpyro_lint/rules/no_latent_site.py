"""A model without a latent site that is given to MCMC.

## What it does
Finds runs of MCMC on models all of whose sites are observed, hidden or not random, and Gibbs
kernels for discrete sites on models that have none.

## Why is this bad
There is nothing to infer. NUTS and HMC run and give an empty dictionary of samples; other kernels
raise where they first meet an empty array.

## Example
```python
def model(y):
    numpyro.sample("y", dist.Normal(0.0, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## References
numpyro.infer.MCMC, numpyro.infer.DiscreteHMCGibbs (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.facts.inference import NEEDS_DISCRETE
from numpyro_lint.model.fit import Fit, enumeration, family_of, is_enumerable
from numpyro_lint.model.ir import Handler
from numpyro_lint.model.stack import Effect
from numpyro_lint.rule import rule


@rule("no-latent-site", category=Category.INFERENCE, severity=Severity.WARNING, since="0.1")
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    prediction = fit.model
    if fit.run.kind != "mcmc" or not fit.kernels or not prediction.complete or prediction.raises:
        return
    if any(not handler.complete for handler in _handlers(fit)):
        return
    kernel = fit.kernels[0].kind
    possible = [effect for effect in prediction.effects if _may_be_latent(effect)]
    if not possible:
        yield ctx.report(
            fit.run.span,
            f"{fit.name} has no latent site, so {kernel} has nothing to sample",
            model=fit.name,
        )
    elif kernel in NEEDS_DISCRETE and not any(_may_be_drawn(effect) for effect in possible):
        yield ctx.report(
            fit.run.span,
            f"{fit.name} has no discrete latent site that {kernel} could sample: it raises; use "
            "the inner kernel alone",
            severity=Severity.ERROR,
            model=fit.name,
        )


def _handlers(fit: Fit) -> tuple[Handler, ...]:
    return fit.run.stack.handlers if fit.run.stack else ()


def _may_be_latent(effect: Effect) -> bool:
    return effect.type == "sample" and effect.observed is not True and effect.hidden is not True


def _may_be_drawn(effect: Effect) -> bool:
    """Whether a Gibbs kernel may take a site: it lists values, and leaves marked sites out."""
    family = family_of(effect)
    if family is not None and is_enumerable(family) is False:
        return False
    return enumeration(effect) != "parallel"
