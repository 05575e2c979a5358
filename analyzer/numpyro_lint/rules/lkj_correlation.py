"""LKJ where LKJCholesky is meant.

## What it does
Finds a correlation matrix from `LKJ` that is passed as a `scale_tril`, as it is or scaled, and one
that goes straight into `cholesky`.

## Why is this bad
A `scale_tril` is a lower triangle; the upper half of a correlation matrix is ignored there, so the
covariance is another one, and NumPyro says nothing once validation is off or the model is compiled.
A Cholesky factor of an `LKJ` draw is what `LKJCholesky` gives, without the cost and the rounding.

## Example
```python
def model(y):
    corr = numpyro.sample("corr", dist.LKJ(3, 2.0))
    numpyro.sample("y", dist.MultivariateNormal(jnp.zeros(3), scale_tril=corr), obs=y)
```

## Use instead
```python
def model(y):
    corr = numpyro.sample("corr", dist.LKJCholesky(3, 2.0))
    numpyro.sample("y", dist.MultivariateNormal(jnp.zeros(3), scale_tril=corr), obs=y)
```

## References
numpyro.distributions.LKJCholesky (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Data, Dist, Site, Value
from numpyro_lint.questions import draws
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

# What leaves a matrix a correlation or covariance matrix, each element for itself.
_SCALING = frozenset({"*", "@", "[]", "jax.numpy.matmul", "jax.numpy.dot", "jax.numpy.multiply"})


@rule("lkj-correlation", category=Category.SUPPORTS, severity=Severity.WARNING, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    drawn: dict[Span, Site] = {}
    for draw in draws(ctx, model):
        if draw.family == "LKJ":
            drawn[draw.step.site.span] = draw.step.site
        elif drawn:
            yield from _uses(draw.step, draw.dist, drawn, model, ctx)


def _uses(
    step: Execution, dist: Dist, drawn: Mapping[Span, Site], model: Model, ctx: Context
) -> Iterator[Diagnostic]:
    scale = dist.arg("scale_tril")
    if scale is None:
        return
    factored = _factored(scale)
    site = _matrix(scale if factored is None else factored, drawn)
    if site is None:
        return
    name = site.name.glob
    said = (
        f"'{name}' is a correlation matrix and not its Cholesky factor: its upper half is ignored "
        f"as a scale_tril of '{step.name.glob}'; draw it from LKJCholesky"
        if factored is None
        else f"the Cholesky factor of '{name}' can be drawn from LKJCholesky at once, which is "
        "cheaper and keeps its rounding errors out"
    )
    yield ctx.report(
        step.site.span,
        said,
        site=step.name.literal,
        model=model.function.name,
        related=(Related(site.span, f"'{name}' is drawn from LKJ here"),),
    )


def _factored(value: Value) -> Value | None:
    """What a Cholesky factor is taken of, at the root of a value."""
    made = value.made if isinstance(value, Data) else None
    if made is None:
        return None
    if made.op.endswith(".cholesky") and made.operands:
        return made.operands[0]
    if made.op in _SCALING:
        return next((found for each in made.operands if (found := _factored(each))), None)
    return None


def _matrix(value: Value, drawn: Mapping[Span, Site]) -> Site | None:
    """The draw from LKJ that a value is, but for its scaling."""
    made = value.made if isinstance(value, Data) else None
    if made is None:
        return None
    if made.op == "sample":
        return next((drawn[s] for s in value.depends if isinstance(s, Span) and s in drawn), None)
    if made.op in _SCALING:
        return next((found for each in made.operands if (found := _matrix(each, drawn))), None)
    return None
