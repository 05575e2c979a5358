"""A scale without a mean that scales another scale.

## What it does
Finds `HalfCauchy` priors, folded `Cauchy` ones and `InverseGamma` ones with a concentration of at
most 1, where such a latent scales another scale: as its prior's scale, or multiplied with another
one of them in a horseshoe. A horseshoe with a slab is none, nor is a scale that is that of an
observation as well, which the data hold.

## Why is this bad
One heavy tail is for the few large effects. Two that are multiplied leave nothing that bounds an
effect which the data leave open, as those of a logistic regression are where the data are nearly
separable. Measured with 20 predictors, 3 of them at work, and 60 rows: in a linear regression 4 %
of the draws diverge, decentred, and in a logistic one 1 to 6 %; with a slab two in a thousand and
fewer do, and the effective draws per gradient are 7 to 10 and 40 to 130 times as many; with 60
predictors and 40 rows they are twice as many in a linear regression.

A slab bounds them: the regularised horseshoe, with a global scale about
`p0 / (p - p0) * sigma / sqrt(n)` for `p0` effects of `p` that are expected in `n` rows. Where no
sparsity is meant, `HalfNormal` does.

## Example
```python
def model(x, y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(1.0))
    with numpyro.plate("predictor", x.shape[1]):
        local = numpyro.sample("local", dist.HalfCauchy(1.0))
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
    beta = numpyro.deterministic("beta", tau * local * z)
    numpyro.sample("y", dist.Bernoulli(logits=x @ beta), obs=y)
```

## Use instead
```python
def model(x, y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(0.1))
    slab = numpyro.sample("slab", dist.InverseGamma(2.0, 8.0))
    with numpyro.plate("predictor", x.shape[1]):
        local = numpyro.sample("local", dist.HalfCauchy(1.0))
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
    held = jnp.sqrt(slab / (slab + tau**2 * local**2))
    beta = numpyro.deterministic("beta", tau * local * held * z)
    numpyro.sample("y", dist.Bernoulli(logits=x @ beta), obs=y)
```

## References
Piironen and Vehtari, Sparsity information and regularization in the horseshoe and other shrinkage
priors (2017)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.model.heavy import is_heavy, scaled, scales_of
from numpyro_lint.model.ir import Dist, Value
from numpyro_lint.model.supports import Draw
from numpyro_lint.questions import draws, priors
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule("heavy-tailed-scale", category=Category.GEOMETRY, severity=Severity.HINT, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    latents = list(priors(ctx, model))
    heavy = {id(each) for each in latents if is_heavy(each.dist)}
    if not heavy:
        return
    held = _of_observations(model, ctx)
    told: set[Span] = set()
    for found in scaled(latents, _made(model)):
        free = [each for each in found.scales if each.step.site.span not in held]
        pair = [each for each in free if id(each) in heavy]
        chain = [(s, t) for s in free for t in scales_of(s, latents) if id(t) in heavy]
        if len(pair) > 1 and pair[-1].step.site.span not in told:
            told.add(pair[-1].step.site.span)
            yield _horseshoe(found.latent, pair, model, ctx)
        for scale, top in chain:
            if top.step.site.span not in told | held:
                told.add(top.step.site.span)
                yield _chain(found.latent, scale, top, model, ctx)


def _of_observations(model: Model, ctx: Context) -> set[Span]:
    """The latents that an observation has for its scale."""
    observed = (each for each in draws(ctx, model) if each.step.observed is not False)
    return {span for each in observed for span in each.step.origins(each.dist.arg("scale"))}


def _made(model: Model) -> Iterator[Value]:
    """What sites and deterministics are computed from."""
    for step in model.prediction.executions:
        if step.site.kind == "deterministic":
            yield from (value for _, value in step.site.args)
        elif isinstance(step.site.dist, Dist):
            yield from (value for _, value in step.site.dist.args)


def _horseshoe(latent: Draw, pair: list[Draw], model: Model, ctx: Context) -> Diagnostic:
    names = " and ".join(f"'{each.step.name.glob}'" for each in pair)
    return ctx.report(
        pair[-1].step.site.span,
        f"{names}, which scale '{latent.step.name.glob}' together, both have heavy tails: nothing "
        "bounds an effect that the data leave open; a slab does (regularised horseshoe), or a "
        "HalfNormal for one of them",
        site=pair[-1].step.name.literal,
        model=model.function.name,
        related=_related(pair[:-1]),
    )


def _chain(latent: Draw, scale: Draw, top: Draw, model: Model, ctx: Context) -> Diagnostic:
    own = scale.step.name.glob
    return ctx.report(
        top.step.site.span,
        f"'{top.step.name.glob}', which scales '{own}', the scale of '{latent.step.name.glob}', "
        "has a heavy tail: nothing bounds what the data leave open; use a HalfNormal, or a slab "
        "where this is a horseshoe",
        site=top.step.name.literal,
        model=model.function.name,
        related=_related([scale]),
    )


def _related(scales: list[Draw]) -> tuple[Related, ...]:
    return tuple(
        Related(each.step.site.span, f"'{each.step.name.glob}' is a scale as well")
        for each in scales
    )
