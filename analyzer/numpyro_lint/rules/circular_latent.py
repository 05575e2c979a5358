"""A latent site on a circle or sphere that inference walks as if it were a line.

## What it does
Finds latent sites of circular distributions (VonMises and the like) and `ProjectedNormal`s in
models that MCMC or an autoguide has to infer, where no reparameterisation is in use.

## Why is this bad
NumPyro unrolls the circle into an interval whose ends do not meet, so that a posterior near the
ends is torn apart; it warns. A ProjectedNormal raises.

## Example
```python
def model(y):
    angle = numpyro.sample("angle", dist.VonMises(0.0, 1.0))
    numpyro.sample("y", dist.VonMises(angle, 5.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    angle = numpyro.sample("angle", dist.VonMises(0.0, 1.0))
    numpyro.sample("y", dist.VonMises(angle, 5.0), obs=y)


config = {"angle": numpyro.infer.reparam.CircularReparam()}
kernel = numpyro.infer.NUTS(numpyro.handlers.reparam(model, config=config))
mcmc = numpyro.infer.MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## References
numpyro.infer.reparam.CircularReparam, numpyro.infer.reparam.ProjectedNormalReparam (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.fit import Fit, sampled
from numpyro_lint.rule import rule


@rule("circular-latent", category=Category.INFERENCE, severity=Severity.WARNING, since="0.1")
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    for each in sampled(fit):
        support = FAMILIES[each.family].support
        if support not in ("circular", "sphere"):
            continue
        sphere = support == "sphere"
        how = "ProjectedNormalReparam" if sphere else "CircularReparam"
        then = "cannot infer" if sphere else "cuts the circle of"
        name = each.effect.name.glob
        yield ctx.report(
            each.effect.site.span,
            f"{each.by} {then} '{name}', a {each.family}: reparameterise it with {how}()",
            severity=Severity.ERROR if sphere else Severity.WARNING,
            site=each.effect.name.literal,
            model=fit.name,
            source=each.source,
        )
