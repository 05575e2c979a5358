"""An observation that holds nan or an infinite number.

## What it does
Counts, in the trace, the elements of what is observed that are nan or infinite. Those that a mask
leaves out are not counted, nor are those of a distribution of the user's own.

## Why is this bad
The log density is nan or minus infinity whatever the latent sites are: MCMC raises "Cannot find
valid initial parameters", which points at the model, and the loss of SVI is nan from its first step
on.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 3):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.array([0.3, jnp.nan, 1.2]))
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 3), numpyro.handlers.mask(mask=jnp.isfinite(y)):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.array([0.3, jnp.nan, 1.2]))
```

## References
numpyro.handlers.mask (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.densities import data_sites
from numpyro_lint.rule import rule
from numpyro_lint.sightings import seen


@rule(
    "non-finite-observation",
    category=Category.OBSERVATIONS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for joined, data in data_sites(model.traces):
        traced = joined.traced
        if not data.non_finite:
            continue
        yield seen(
            ctx,
            model,
            joined,
            f"{data.non_finite} of the {data.size} values that '{traced.name}' observes are not "
            f"finite, the first being {data.first_non_finite}: its log density is nan or minus "
            "infinity everywhere; leave them out, or mask them with handlers.mask",
            evidence={
                "size": data.size,
                "non_finite": data.non_finite,
                "first": data.first_non_finite,
            },
        )
