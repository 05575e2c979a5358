"""Latents that the data hardly tell apart, such as a slope and an intercept far from the data.

## What it does
Finds latents, each one number on the real line, whose correlation in the posterior is 0.99 and more
in size, by Laplace's approximation with the program's own data; or three and more that are bound as
tightly all together, as the coefficients of a polynomial are. Where every kernel of the model has a
`dense_mass`, nothing is said.

## Why is this bad
The posterior is a long and narrow ridge, and NUTS, whose mass matrix is diagonal, goes along it in
steps of its width. Measured with a slope and an intercept, the effective draws per gradient are a
twelfth at a correlation of 0.99 of what they are with the predictor centred, an eighteenth at
0.995, a fortieth at 0.999, and less than a hundredth at 0.9999, which years from 1990 to 2020 as
they are make of a line.

Subtract the mean of what a slope is multiplied with. The intercept is then that of an average row,
which a prior is easier to be had for, too. Or let NUTS adapt to the ridge:
`NUTS(model, dense_mass=[("level", "slope")])`.

## Example
```python
def model(year, y):
    level = numpyro.sample("level", dist.Normal(0.0, 100.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 10.0))
    numpyro.sample("y", dist.Normal(level + slope * year, 1.0), obs=y)


year = jnp.arange(1990.0, 2021.0)
numpyro.handlers.seed(model, 0)(year, 0.2 * (year - 2005.0) + 3.0)
```

## Use instead
```python
def model(year, y):
    level = numpyro.sample("level", dist.Normal(0.0, 100.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 10.0))
    numpyro.sample("y", dist.Normal(level + slope * (year - year.mean()), 1.0), obs=y)


year = jnp.arange(1990.0, 2021.0)
numpyro.handlers.seed(model, 0)(year, 0.2 * (year - 2005.0) + 3.0)
```

## References
Gelman and Hill, Data Analysis Using Regression and Multilevel/Hierarchical Models (2007),
section 13.4; Neal, MCMC Using Hamiltonian Dynamics (2011), section 5.4.2
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.ir import Const, Engine
from numpyro_lint.model.levels import as_evidence, ridges_of
from numpyro_lint.questions import fits_of
from numpyro_lint.rule import rule


@rule(
    "correlated-latents",
    category=Category.GEOMETRY,
    severity=Severity.INFO,
    since="0.1",
    stage=Stage.VALUES,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for sites, ridge in ridges_of(model.trace):
        spans = [joined.span for joined in sites if joined.span is not None]
        if ridge.signs or not spans or _is_adapted_to(model, ctx):
            continue
        names = " and ".join(f"'{name}'" for name in ridge.names)
        bound = f"a correlation of {ridge.correlation:.4g}"
        if len(ridge.names) > 2:
            bound = f"correlations up to {abs(ridge.correlation):.4g} in size"
        dense = ", ".join(f'"{name}"' for name in ridge.names)
        yield ctx.report(
            spans[-1],
            f"{names} have {bound} in the posterior: NUTS takes some {ridge.cost:.0f} times the "
            "gradients for it; centre what a slope is multiplied with (x - x.mean()), or give NUTS "
            f"dense_mass=[({dense})]",
            site=sites[-1].traced.name,
            model=model.function.name,
            source=Origin.GEOMETRY,
            related=tuple(
                Related(joined.span, f"'{joined.traced.name}' is one of them")
                for joined in sites
                if joined.span is not None and joined.span != spans[-1]
            ),
            evidence=as_evidence(ridge),
        )


def _is_adapted_to(model: Model, ctx: Context) -> bool:
    """Whether each kernel that the model is sampled with adapts to correlations."""
    kernels = [kernel for fit in fits_of(ctx, model.function) for kernel in fit.kernels]
    return bool(kernels) and all(map(_is_dense, kernels))


def _is_dense(kernel: Engine) -> bool:
    dense = kernel.arg("dense_mass")
    return dense is not None and dense != Const(False)
