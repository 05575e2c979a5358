"""An initial value, or a block of the mass matrix, for a site that a reparam has replaced.

## What it does
Finds names in `init_to_value(values=)`, `init_params` and `dense_mass` of sites that a `reparam`
around the model has made deterministic.

## Why is this bad
What the chain moves is the auxiliary site, such as `effect_decentered`. NumPyro ignores an initial
value of the old one without a word, and raises a bare KeyError for `dense_mass`.

## Example
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, spread))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


config = {"effect": numpyro.infer.reparam.LocScaleReparam(0)}
decentred = numpyro.handlers.reparam(model, config=config)
kernel = numpyro.infer.NUTS(decentred, dense_mass=[("spread", "effect")])
mcmc = numpyro.infer.MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, spread))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


config = {"effect": numpyro.infer.reparam.LocScaleReparam(0)}
decentred = numpyro.handlers.reparam(model, config=config)
kernel = numpyro.infer.NUTS(decentred, dense_mass=[("spread", "effect_decentered")])
mcmc = numpyro.infer.MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Fix safety
In `dense_mass` the new name is safe: NumPyro raised before. An initial value of the old site is
none of the new one, which has another scale: there the fix is unsafe.

## References
numpyro.infer.init_to_value, numpyro.handlers.reparam (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Applicability, Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.given import Stray
from numpyro_lint.model.program import Module
from numpyro_lint.questions import key_renamed, stray_names
from numpyro_lint.record import replace
from numpyro_lint.rule import rule


@rule(
    "stale-initial-value",
    category=Category.INFERENCE,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for each in stray_names(ctx):
        if not any(effect.value_from == "reparam" for effect in each.found):
            continue
        key, where = each.given.key, each.given.where
        made = _auxiliary(each, ctx)
        then = "NumPyro raises a bare KeyError" if where == "dense_mass" else "NumPyro ignores it"
        meant = f"; the latent site is '{made}'" if made else ""
        fix = key_renamed(ctx, key, made) if made else None
        if fix is not None and where == "dense_mass":
            fix = replace(fix, applicability=Applicability.SAFE)
        yield ctx.report(
            key.span,
            f"a reparam has made '{key.text}' deterministic: {then}{meant}",
            site=key.text,
            source=Origin.TRACE if each.traced else Origin.STATIC,
            fix=fix,
        )


def _auxiliary(each: Stray, ctx: Context) -> str | None:
    """The latent site that a reparam has put in place of the one that is named."""
    site = each.found[0].site.span
    made = {
        effect.name.literal
        for run in each.given.runs
        if run.stack is not None
        for effect in ctx.prediction(run.stack).effects
        if effect.site.span == site and effect.type == "sample" and effect.observed is False
    }
    return made.pop() if len(made) == 1 else None
