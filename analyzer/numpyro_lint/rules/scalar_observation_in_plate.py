"""One observation that a plate counts many times.

## What it does
Finds, in the trace, a site in a plate of several elements that observes a single number, while its
distribution is the same for all elements of the plate as well. Where the distribution differs from
element to element, as under a soft constraint with `obs=0.0`, nothing is said.

## Why is this bad
The one value is broadcast over the plate, so that its log density is added once for each element:
the posterior is as narrow as if so many equal values had been seen. NumPyro says nothing.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 50):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.array(0.3))
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    with numpyro.plate("data", 50):
        numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.linspace(-1.0, 1.0, 50))
```

## References
numpyro.plate (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.densities import Shape, observed, value_batch
from numpyro_lint.rule import rule
from numpyro_lint.sightings import seen


@rule(
    "scalar-observation-in-plate",
    category=Category.OBSERVATIONS,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for joined in observed(model.traces):
        traced, value = joined.traced, value_batch(joined.traced)
        own = traced.own_batch_shape
        if value is None or own is None or traced.value_from != "obs":
            continue
        repeated = [
            plate
            for plate in traced.plates
            if plate.size > 1 and _size(value, plate.dim) == 1 and _size(own, plate.dim) == 1
        ]
        if repeated and all(size == 1 for size in value):
            names = " and ".join(f"'{plate.name}'" for plate in repeated)
            times = 1
            for plate in repeated:
                times *= plate.size
            yield seen(
                ctx,
                model,
                joined,
                f"'{traced.name}' observes one value in the plate {names}, and its distribution is "
                f"one for all elements: NumPyro counts the value {times} times",
                evidence={"value_shape": list(traced.shape or ()), "times": times},
            )


def _size(shape: Shape, dim: int) -> int:
    """The size of a dim that counts from the right; 1 where a shape has it not."""
    return shape[dim] if -dim <= len(shape) else 1
