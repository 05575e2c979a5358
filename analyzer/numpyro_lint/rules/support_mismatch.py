"""A latent whose values leave what an argument of a distribution must be.

## What it does
Follows the supports of latent sites through the arithmetic of a model, helpers included, and finds
a scale, rate, probability or other limited argument that they take out of its limits: a `Normal`
latent as a scale, `intercept + slope * x` as a rate. Where the arithmetic is not in sight, or uses
one latent twice, nothing is said.

## Why is this bad
With one seed the model runs, with another NumPyro raises "got invalid scale parameter". Under `jit`
it does not look: there the log density is nan, or that of a probability cut off at its limit, which
has no gradient.

## Example
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 10.0))
    spread = numpyro.sample("spread", dist.Normal(1.0, 0.5))
    numpyro.sample("y", dist.Normal(level, spread), obs=y)
```

## Use instead
```python
def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 10.0))
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Normal(level, spread), obs=y)
```

## References
Stan's pedantic mode, "parameter has a constraint that does not match"; numpyro.distributions (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.ir import Site
from numpyro_lint.model.passing import Passed, passed
from numpyro_lint.model.supports import Mismatch
from numpyro_lint.questions import inference_predictions, model_mismatches
from numpyro_lint.refusals import together
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

_INSTEAD = {
    "positive": "give it a positive prior or pass jnp.exp(...)",
    "between 0 and 1": "give it a prior on (0, 1) or pass jax.nn.sigmoid(...)",
    "at least 0, with a sum of 1": "pass logits= or jax.nn.softmax(...)",
}


@rule(
    "support-mismatch",
    category=Category.SUPPORTS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    yield from together(_written(model, ctx), _passed(model, ctx))


def _written(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for mismatch in model_mismatches(ctx, model):
        latent = [site for site in mismatch.sources if site.span in mismatch.range.leaves]
        latent = [site for site in latent if site.kind == "sample"]
        if latent and not _is_kept_out(model, ctx, latent):
            yield _finding(model, ctx, mismatch, latent)


def _passed(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for each in passed(model.traces):
        source, to = each.source, each.to
        if source.traced.type == "sample" and to.span is not None and source.span is not None:
            if source.site is not None and not _is_kept_out(model, ctx, [source.site]):
                yield _traced(model, ctx, each, to.span, source.span)


def _traced(model: Model, ctx: Context, each: Passed, here: Span, drawn: Span) -> Diagnostic:
    name, latent = each.to.traced.name, each.source.traced.name
    past = "below it" if each.below else "above it"
    return ctx.report(
        here,
        f"the {each.argument} of '{name}' must be {each.said}, and is '{latent}' itself, whose "
        f"values may be {past}: NumPyro raises there, or the log density means nothing; "
        f"{_INSTEAD.get(each.said, 'constrain it')}",
        site=name,
        model=model.function.name,
        source=Origin.TRACE,
        related=(Related(drawn, f"'{latent}' is drawn here"),),
    )


def _finding(model: Model, ctx: Context, mismatch: Mismatch, latent: list[Site]) -> Diagnostic:
    argument = mismatch.argument
    names = " and ".join(f"'{site.name.glob}'" for site in latent)
    takes = "takes" if len(latent) == 1 else "take"
    low, high = mismatch.range.low, argument.limits.low
    past = f"below {high:g}" if low < high else f"above {argument.limits.high:g}"
    instead = _INSTEAD.get(argument.said, "constrain it")
    return ctx.report(
        argument.step.site.span,
        f"the {argument.name} of '{argument.step.name.glob}' must be {argument.said}, and {names} "
        f"{takes} it {past}: NumPyro raises there, or the log density means nothing; {instead}",
        site=argument.step.name.literal,
        model=model.function.name,
        related=tuple(Related(each.span, f"'{each.name.glob}' is drawn here") for each in latent),
    )


def _is_kept_out(model: Model, ctx: Context, latent: list[Site]) -> bool:
    """Whether the model keeps the values in by a factor, or every run gives the sites a value."""
    spans = {site.span for site in latent}
    for step in model.prediction.executions:
        if step.site.kind == "factor" and step.origins(step.site.arg("log_factor")) & spans:
            return True
    uses = inference_predictions(ctx, model.function)
    return bool(uses) and not any(
        effect.site.span in spans and effect.observed is False
        for use in uses
        for effect in use.effects
    )
