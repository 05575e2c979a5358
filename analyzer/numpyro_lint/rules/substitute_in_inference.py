"""A `substitute` of a sampled site in a model that is given to MCMC.

## What it does
Finds keys of a `substitute` that name a latent site of a model under MCMC.

## Why is this bad
`substitute` gives a value and leaves the site latent, so the kernel samples it all the same and
overwrites the value. NumPyro says no more than that it skips the site's initialisation. To hold a
site at a value, use `condition`.

## Example
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    offset = numpyro.sample("offset", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope + offset, 1.0), obs=y)


held = numpyro.handlers.substitute(model, data={"slope": 2.0})
mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(held), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    offset = numpyro.sample("offset", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope + offset, 1.0), obs=y)


held = numpyro.handlers.condition(model, data={"slope": 2.0})
mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(held), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Fix safety
`condition` makes the site observed: that changes the trace, so the fix is unsafe.

## References
numpyro.handlers.substitute, numpyro.handlers.condition (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Severity
from numpyro_lint.model.ir import Handler
from numpyro_lint.model.keys import keys_of
from numpyro_lint.model.program import Run
from numpyro_lint.rule import Context, rule


@rule("substitute-in-inference", category=Category.HANDLERS, severity=Severity.ERROR, since="0.1")
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    if run.kind != "mcmc" or run.stack is None:
        return
    if all(handler.kind != "substitute" for handler in run.stack.handlers):
        return
    prediction = ctx.prediction(run.stack)
    latent = {
        effect.site.span
        for effect in prediction.effects
        if effect.type == "sample" and effect.observed is False and effect.hidden is False
        if effect.value_from == "substitute"
    }
    for handler in run.stack.handlers:
        if handler.kind != "substitute":
            continue
        met = (prediction.seen or {}).get(handler.span, ())
        keys = list(keys_of(handler))
        held = [
            key
            for key in keys
            if any(seen.site.span in latent for seen in met if seen.name.literal == key.text)
        ]
        # Where other keys are meant for substitute, none can become a condition by itself.
        rewrite = partial(_conditioned, handler, ctx) if len(held) == len(keys) else None
        for key in held:
            yield ctx.report(
                key.span,
                f"MCMC samples '{key.text}' all the same: substitute leaves it latent; use "
                "condition to hold it at this value",
                site=key.text,
                rewrite=rewrite,
            )


def _conditioned(handler: Handler, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.handlers import handler_fix

    title = "Use condition in place of substitute"
    return handler_fix(ctx.module.source, handler.span, "condition", title)
