"""A latent site that is a Delta.

## What it does
Finds latent sites with a `Delta` distribution in models that MCMC or an autoguide has to infer.

## Why is this bad
A Delta has one value and no density to move in. NumPyro raises and says to use `deterministic`.
Behind `to_event` or `expand` the Delta escapes that check: NUTS then says that it cannot find valid
initial parameters, and `AutoDelta` runs with a loss that is infinite.

## Example
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    double = numpyro.sample("double", dist.Delta(2.0 * slope))
    numpyro.sample("y", dist.Normal(double, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    double = numpyro.deterministic("double", 2.0 * slope)
    numpyro.sample("y", dist.Normal(double, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Fix safety
A deterministic takes no random key, so what is drawn after it changes under one seed: the fix is
unsafe.

## References
numpyro.infer.util.initialize_model (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Origin, Severity, Stage
from numpyro_lint.model.fit import Fit, sampled, wraps_of
from numpyro_lint.model.ir import Dist, Site
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "delta-latent",
    category=Category.INFERENCE,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    for each in sampled(fit):
        effect = each.effect
        if each.family != "Delta" or effect.value_from == "lift":
            continue
        hidden = {"to_event", "expand"} & set(wraps_of(effect))
        then = "it finds no valid initial value" if hidden else "NumPyro raises"
        if each.source is Origin.TRACE:
            then = "NumPyro raises, or it finds no valid initial value"
        yield ctx.report(
            effect.site.span,
            f"{each.by} cannot infer '{effect.name.glob}', a Delta, which has but one value: {then}"
            "; use numpyro.deterministic",
            site=effect.name.literal,
            model=fit.name,
            source=each.source,
            fix=_fix(effect.site, ctx),
        )


def _fix(site: Site, ctx: Context) -> Fix | None:
    """`sample(name, Delta(value))` to `deterministic(name, value)`, where it stands like that."""
    dist, text = site.dist, ctx.module.source.slice(site.span)
    called = text.partition("(")[0]
    if not isinstance(dist, Dist) or dist.wraps or site.obs or site.arg("infer"):
        return None
    made = ctx.module.source.slice(dist.span)
    alone = [name for name, _ in dist.args] == ["v"] and made == site.text
    if not (alone and called.endswith(".sample") and site.args == ()):
        return None
    at = site.span.start + len(called)
    value = made.partition("(")[2][:-1].strip().removeprefix("v=").rstrip(",")
    edits = Edit(Span(at - len("sample"), at), "deterministic"), Edit(dist.span, value)
    return Fix("Use numpyro.deterministic", edits)
