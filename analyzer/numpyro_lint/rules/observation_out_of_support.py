"""An observation that its distribution cannot have.

## What it does
Holds, in the trace, what is observed against the support of its distribution, where the ends of the
support are numbers: negative counts, labels from 1 to K under a Categorical, more successes than
trials. Masked elements do not count. Where all that is wrong is that values are not whole numbers,
as soft labels are, this is a warning. The end of an open support counts as inside where the
distribution has a density there, as the Exponential has at 0; VonMises takes any angle.

## Why is this bad
The log density of such a value is minus infinity, nan, or a number that means nothing. MCMC then
finds no valid initial parameters, or runs and gives a posterior of something else.

## Example
```python
def model(label):
    probs = numpyro.sample("probs", dist.Dirichlet(jnp.ones(3)))
    with numpyro.plate("data", 4):
        numpyro.sample("label", dist.Categorical(probs), obs=label)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.array([1, 3, 2, 3]))
```

## Use instead
```python
def model(label):
    probs = numpyro.sample("probs", dist.Dirichlet(jnp.ones(3)))
    with numpyro.plate("data", 4):
        numpyro.sample("label", dist.Categorical(probs), obs=label)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.array([1, 3, 2, 3]) - 1)
```

## References
numpyro.distributions.constraints (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.densities import data_sites
from numpyro_lint.rule import rule
from numpyro_lint.sightings import seen


@rule(
    "observation-out-of-support",
    category=Category.OBSERVATIONS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for joined, data in data_sites(model.traces):
        traced = joined.traced
        if not data.outside:
            continue
        if data.fractional:
            then = "its log density there is not that of a probability"
        else:
            then = "its log density there is minus infinity, or means nothing"
        yield seen(
            ctx,
            model,
            joined,
            f"{data.outside} of the {data.size} values that '{traced.name}' observes are outside "
            f"of the support of {traced.distribution}, which is {data.support}: the first is "
            f"{data.first_outside}; {then}",
            severity=Severity.WARNING if data.fractional else None,
            evidence={
                "size": data.size,
                "outside": data.outside,
                "first": data.first_outside,
                "support": data.support,
            },
        )
