"""An observation that is no array: a list, a pandas Series, a string.

## What it does
Finds, in the trace, observed values that are neither arrays nor numbers and whose log density
raises: lists, tuples, pandas and xarray objects, arrays of strings or of objects.

## Why is this bad
A seeded trace runs, since no log density is computed. Inference raises a TypeError deep in JAX,
which names neither the site nor the data.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 3):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), [0.3, 0.7, 1.2])
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 3):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.array([0.3, 0.7, 1.2]))
```

## References
numpyro.sample (0.22); pandas.Series.to_numpy
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.densities import observed
from numpyro_lint.rule import rule
from numpyro_lint.sightings import seen


@rule(
    "unconverted-observation",
    category=Category.OBSERVATIONS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for joined in observed(model.traces):
        traced, data = joined.traced, joined.traced.data
        if data is None or not data.error:
            continue
        yield seen(
            ctx,
            model,
            joined,
            f"'{traced.name}' observes {_said(data.kind)}, and its log density raises "
            f"{data.error.partition(':')[0]}: {_instead(data.kind)}",
            evidence={"type": data.kind, "raises": data.error},
        )


def _said(kind: str) -> str:
    name = kind.rpartition(".")[2] if kind.startswith(("pandas", "xarray", "polars")) else kind
    package = kind.partition(".")[0] if name != kind else ""
    said = f"a {package} {name}" if package else name
    return said if said.startswith("a ") else f"{'an' if said[:1] in 'aeiou' else 'a'} {said}"


def _instead(kind: str) -> str:
    if kind.startswith(("pandas", "polars")):
        return "pass its numbers, as .to_numpy() gives them"
    if kind.startswith("xarray"):
        return "pass its .values"
    if kind in ("list", "tuple", "range"):
        return "make it an array with jnp.asarray"
    return "pass an array of numbers"
