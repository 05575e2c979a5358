"""A model that JAX cannot trace, or that raises with the program's own arguments.

## What it does
Runs a model on abstract draws, as inference does, and where that raises once more on plain numbers.
A model that only the latter takes cannot be inferred: the finding is where JAX gave up. Where
branch-on-latent, numpy-on-latent or another rule says it there already, it is theirs. A model that
raises both ways, because shapes or types of what the program gives it do not go together, is said
too, with the exception.

## Why is this bad
A seeded call of the model works, and so do its plots and checks; MCMC and SVI raise a long way from
the line that is to blame.

## Example
```python
def score(values):
    return max(map(float, values))


def model(y):
    level = numpyro.sample("level", dist.Normal(jnp.zeros(3), 1.0))
    best = {"score": score}["score"](level)
    numpyro.sample("y", dist.Normal(best, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def score(values):
    return values.max()


def model(y):
    level = numpyro.sample("level", dist.Normal(jnp.zeros(3), 1.0))
    best = {"score": score}["score"](level)
    numpyro.sample("y", dist.Normal(best, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## References
JAX, "Errors"
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.refusals import raised, refusal, untraced
from numpyro_lint.rule import rule


@rule(
    "untraceable-model",
    category=Category.TRACING,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for error in raised(ctx, model):
        said = (
            f"'{model.function.name}' raises here with the arguments that it is given: {error.said}"
        )
        yield refusal(ctx, model, error, said)
    found = untraced(ctx, model)
    if found is not None and not found.is_told:
        by = f"{found.by} traces" if found.by else "MCMC and SVI trace"
        yield ctx.report(
            found.span,
            f"{by} the model on values that have no number yet, and here JAX raises {found.said}; "
            "on plain numbers the model runs",
            severity=None if found.by else Severity.INFO,
            model=model.function.name,
            source=Origin.TRACE,
        )
