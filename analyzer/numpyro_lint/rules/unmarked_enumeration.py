"""A discrete latent site that HMC enumerates without being told to.

## What it does
Finds discrete latent sites of models under HMC, NUTS and the like that are not marked with
`infer={"enumerate": "parallel"}`.

## Why is this bad
NumPyro enumerates them all the same and says in a FutureWarning that in the future such sites need
to be marked. The mark also tells the reader that the site is summed out and not sampled.

## Example
```python
def model(y):
    group = numpyro.sample("group", dist.Bernoulli(0.3))
    numpyro.sample("y", dist.Normal(group, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    group = numpyro.sample("group", dist.Bernoulli(0.3), infer={"enumerate": "parallel"})
    numpyro.sample("y", dist.Normal(group, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Fix safety
Names, shapes, values and densities stay as they were, so the fix is safe. It is not offered where
the file also uses a Gibbs kernel, which leaves marked sites out.

## References
numpyro.infer.util, numpyro.contrib.funsor.config_enumerate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Applicability, Category, Diagnostic, Edit, Fix, Severity
from numpyro_lint.facts.inference import NEEDS_DISCRETE
from numpyro_lint.model.fit import (
    Fit,
    enumeration,
    is_configured,
    is_enumerable,
    sampled,
    wraps_of,
)
from numpyro_lint.model.ir import Site
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule("unmarked-enumeration", category=Category.INFERENCE, severity=Severity.INFO, since="0.1")
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    for each in sampled(fit):
        effect = each.effect
        if not (each.enumerates and is_enumerable(each.family)) or "to_event" in wraps_of(effect):
            continue
        if enumeration(effect) == "" and not is_configured(fit.model, effect):
            yield ctx.report(
                effect.site.span,
                f"{each.by} sums over the values of '{effect.name.glob}'; say so with "
                'infer={"enumerate": "parallel"}, which NumPyro will require',
                site=effect.name.literal,
                model=fit.name,
                source=each.source,
                fix=_fix(effect.site, ctx),
            )


def _fix(site: Site, ctx: Context) -> Fix | None:
    others = (kernel.kind for fit in ctx.fits for kernel in fit.kernels)
    text = ctx.module.source.slice(site.span)
    given = text[:-1].rstrip()
    last = given.rpartition("\n")[2]
    if site.kind != "sample" or site.arg("infer") is not None or not text.endswith(")"):
        return None
    if "#" in last or "*" in last or any(other in NEEDS_DISCRETE for other in others):
        return None
    at = site.span.start + len(given)
    mark = 'infer={"enumerate": "parallel"}'
    edit = Edit(Span(at, at), f" {mark}" if given.endswith(",") else f", {mark}")
    return Fix("Mark it for enumeration", (edit,), Applicability.SAFE)
