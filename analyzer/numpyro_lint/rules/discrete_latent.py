"""A discrete latent site that the inference algorithm cannot infer.

## What it does
Finds latent sites of discrete distributions that the algorithm in use cannot enumerate or sample.

## Why is this bad
HMC, NUTS and the other continuous kernels sum over the values of a discrete site, which needs a
distribution whose values can be listed (Bernoulli, Categorical, Binomial, BetaBinomial,
DiscreteUniform): on any other, such as a Poisson, and on a `to_event` of several, NumPyro raises.
Gibbs kernels list the values too. Autoguides take no discrete site at all. Under a guide of one's
own, `Trace_ELBO`, `TraceMeanField_ELBO` and `RenyiELBO` have no right gradient for a discrete draw;
NumPyro warns and goes on.

## Example
```python
def model(y):
    count = numpyro.sample("count", dist.Poisson(3.0))
    numpyro.sample("y", dist.Normal(count, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    count = numpyro.sample("count", dist.Gamma(3.0, 1.0))
    numpyro.sample("y", dist.Normal(count, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## References
numpyro.infer.util, numpyro.infer.gibbs, numpyro.infer.autoguide, numpyro.infer.svi (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.facts.inference import PATHWISE
from numpyro_lint.model.fit import (
    Fit,
    Sampled,
    enumeration,
    family_of,
    is_discrete,
    is_enumerable,
    latents,
    sampled,
    wraps_of,
)
from numpyro_lint.rule import rule


@rule("discrete-latent", category=Category.INFERENCE, severity=Severity.ERROR, since="0.1")
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    for each in sampled(fit):
        reason = _reason(each, fit) if is_discrete(each.family) else None
        if reason is not None:
            name = each.effect.name.literal
            yield ctx.report(
                each.effect.site.span,
                f"{each.by} cannot infer '{each.effect.name.glob}': {reason}",
                site=name,
                model=fit.name,
                source=each.source,
            )
    if fit.run.kind == "svi" and fit.written is not None and fit.loss in PATHWISE:
        yield from _in_guide(fit, ctx)


def _reason(each: Sampled, fit: Fit) -> str | None:
    """Why NumPyro raises on a discrete site, if it does."""
    if fit.auto:
        return (
            f"it is discrete ({each.family}), and autoguides are continuous; block it from the "
            "autoguide and enumerate it with TraceEnum_ELBO, or sum it out"
        )
    if is_enumerable(each.family) is False:
        return (
            f"the values of a {each.family} cannot be listed, so it can neither be enumerated "
            "nor sampled by a Gibbs kernel; sum it out by hand or make it continuous"
        )
    if "to_event" in wraps_of(each.effect):
        return "the values of a to_event of several discrete draws are not listed; use a plate"
    how = enumeration(each.effect)
    if how and how != "parallel" and each.enumerates:
        return f"it is marked enumerate='{how}', and only 'parallel' is supported"
    return None


def _in_guide(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    assert fit.written is not None
    for effect in latents(fit.written):
        family = family_of(effect)
        if family is not None and is_discrete(family):
            yield ctx.report(
                effect.site.span,
                f"{fit.loss} has no right gradient for the discrete '{effect.name.glob}' of the "
                "guide; use TraceGraph_ELBO, or enumerate it with TraceEnum_ELBO",
                severity=Severity.WARNING,
                site=effect.name.literal,
                model=fit.name,
            )
