"""`LocScaleReparam()` under MCMC, which learns nothing.

## What it does
Finds `LocScaleReparam` without a value for `centered` in a model that is given to MCMC.

## Why is this bad
Without a value the centring is a `param` that starts at 0.5. Only SVI learns params: under MCMC it
silently stays at 0.5, which is bad both for weak and for strong data.

## Example
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    with numpyro.plate("group", 8):
        effect = numpyro.sample("effect", dist.Normal(0.0, spread))
        numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


config = {"effect": numpyro.infer.reparam.LocScaleReparam()}
kernel = numpyro.infer.NUTS(numpyro.handlers.reparam(model, config=config))
mcmc = numpyro.infer.MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(8))
```

## Use instead
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    with numpyro.plate("group", 8):
        effect = numpyro.sample("effect", dist.Normal(0.0, spread))
        numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


config = {"effect": numpyro.infer.reparam.LocScaleReparam(0)}
kernel = numpyro.infer.NUTS(numpyro.handlers.reparam(model, config=config))
mcmc = numpyro.infer.MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(8))
```

## Fix safety
The sites change, so the fix is unsafe.

## References
Gorinova, Moore and Hoffman, Automatic Reparameterisation of Probabilistic Programs (2020);
numpyro.infer.reparam.LocScaleReparam (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Severity
from numpyro_lint.model.ir import Const, Reparam
from numpyro_lint.model.keys import keys_of
from numpyro_lint.model.program import Run
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "learned-centering-in-mcmc", category=Category.HANDLERS, severity=Severity.WARNING, since="0.1"
)
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    if run.kind != "mcmc" or run.stack is None:
        return
    if all(handler.kind != "reparam" for handler in run.stack.handlers):
        return
    prediction = ctx.prediction(run.stack)
    # Not lifted to a random variable, nor given a value that SVI found.
    unlearned = {
        effect.site.span
        for effect in prediction.effects
        if effect.type == "param" and effect.value_from == "init"
    }
    for handler in run.stack.handlers:
        if handler.kind != "reparam":
            continue
        for key in keys_of(handler):
            how = key.value
            if not isinstance(how, Reparam) or how.kind != "LocScaleReparam":
                continue
            met = (prediction.seen or {}).get(handler.span, ())
            sites = {seen.site.span for seen in met if seen.name.literal == key.text}
            if how.arg("centered", Const(None)) == Const(None) and sites & unlearned:
                yield ctx.report(
                    how.span,
                    f"the centring of '{key.text}' stays at 0.5: only SVI learns it; give 0 to "
                    "decentre it under MCMC",
                    site=key.text,
                    fix=_fix(how, ctx),
                )


def _fix(how: Reparam, ctx: Context) -> Fix | None:
    text = ctx.module.source.slice(how.span)
    if "centered" in text:
        return None
    at = how.span.start + text.index("(") + 1
    separator = "" if text[text.index("(") + 1 :].strip() == ")" else ", "
    return Fix("Decentre: LocScaleReparam(0)", (Edit(Span(at, at), f"0{separator}"),))
