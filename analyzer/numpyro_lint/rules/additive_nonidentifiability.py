"""Latents that the data know by their sum alone.

## What it does
Finds two and more latents without parents, numbers or groups of them, whose sum is all that comes
into the density of the data: moving one up and the other down leaves it as it is, at any point that
was tried. Their priors are so much wider than what the data say of the sum that the correlation in
the posterior is 0.99 and more in size, or that of three as tight.

Group effects with a latent scale, `Normal(0, tau)` beside an intercept, are a hierarchy and none of
these: there `tau` says how far they may go. Nor is a latent whose prior is at most half as wide as
that of the other: it may be meant to be little, as the bias of a device is.

## Why is this bad
Each alone is known by its prior only, so that its posterior means nothing, and NUTS has a long and
narrow ridge to go along. Measured with two intercepts of 20 rows, the effective draws per gradient
are a seventeenth of those with one at priors of `Normal(0, 3)`, a fortieth at `Normal(0, 10)` and
less than a hundredth at `Normal(0, 30)`; with an intercept and five group effects of
`Normal(0, 5)`, a fortieth of those with the effects alone.

Leave one of them out, or have the effects drawn around the intercept.

## Example
```python
def model(group, y):
    level = numpyro.sample("level", dist.Normal(0.0, 10.0))
    with numpyro.plate("groups", 5):
        effect = numpyro.sample("effect", dist.Normal(0.0, 10.0))
    numpyro.sample("y", dist.Normal(level + effect[group], 1.0), obs=y)


group = jnp.arange(40) % 5
numpyro.handlers.seed(model, 0)(group, jnp.sin(jnp.arange(40.0)) + group)
```

## Use instead
```python
def model(group, y):
    level = numpyro.sample("level", dist.Normal(0.0, 10.0))
    tau = numpyro.sample("tau", dist.HalfNormal(5.0))
    with numpyro.plate("groups", 5):
        effect = numpyro.sample("effect", dist.Normal(level, tau))
    numpyro.sample("y", dist.Normal(effect[group], 1.0), obs=y)


group = jnp.arange(40) % 5
numpyro.handlers.seed(model, 0)(group, jnp.sin(jnp.arange(40.0)) + group)
```

## References
Gelfand, Sahu and Carlin, Efficient Parametrisations for Normal Linear Mixed Models (1995); Stan
User's Guide, Problematic posteriors, "Collinearity of predictors in regressions"
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.attach import Joined
from numpyro_lint.model.levels import as_evidence, is_group, ridges_of
from numpyro_lint.rule import rule

if TYPE_CHECKING:
    from numpyro_lint_runtime.values import Ridge


@rule(
    "additive-nonidentifiability",
    category=Category.GEOMETRY,
    severity=Severity.INFO,
    since="0.1",
    stage=Stage.VALUES,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for sites, ridge in ridges_of(model.trace):
        spans = [joined.span for joined in sites if joined.span is not None]
        if not ridge.signs or not spans:
            continue
        yield ctx.report(
            spans[-1],
            f"the data know {_sum(ridge)} and nothing else of them: to "
            f"{ridge.together:.2g}, and each alone to {max(ridge.alone.values()):.2g}, as wide as "
            f"the priors let it; {_remedy(sites)}",
            site=sites[-1].traced.name,
            model=model.function.name,
            source=Origin.GEOMETRY,
            related=tuple(
                Related(joined.span, f"'{joined.traced.name}' is part of the sum")
                for joined in sites
                if joined.span is not None and joined.span != spans[-1]
            ),
            evidence=as_evidence(ridge),
        )


def _sum(ridge: Ridge) -> str:
    first, *others = ridge.names
    rest = (
        f" {'+' if sign > 0 else '-'} '{name}'"
        for name, sign in zip(others, ridge.signs[1:], strict=True)
    )
    return f"'{first}'{''.join(rest)}"


def _remedy(sites: Sequence[Joined]) -> str:
    groups = [each.traced.name for each in sites if is_group(each.traced)]
    single = [each.traced.name for each in sites if not is_group(each.traced)]
    if len(groups) == 1 and len(single) == 1:
        return f"leave '{single[0]}' out, or make it the location of '{groups[0]}'"
    return "leave one of them out"
