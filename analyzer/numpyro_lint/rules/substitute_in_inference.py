"""A `substitute` of a sampled site in a model whose inference samples it all the same.

## What it does
Finds keys of a `substitute` that name a latent site of a model under MCMC, or under SVI where the
guide has that site too.

## Why is this bad
`substitute` gives a value and leaves the site latent, so the kernel samples it all the same and
overwrites the value. NumPyro says no more than that it skips the site's initialisation. Under SVI
what the guide draws is put in its place, by an autoguide of that model too. To hold a site at a
value, use `condition`.

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

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Severity
from numpyro_lint.model.fit import Fit, is_latent, latents
from numpyro_lint.model.ir import Handler
from numpyro_lint.model.keys import keys_of
from numpyro_lint.model.stack import Effect
from numpyro_lint.rule import rule


@rule("substitute-in-inference", category=Category.HANDLERS, severity=Severity.ERROR, since="0.1")
def check(fit: Fit, ctx: Context) -> Iterator[Diagnostic]:
    handlers = fit.run.stack.handlers if fit.run.stack else ()
    if all(handler.kind != "substitute" for handler in handlers):
        return
    latent = {effect.site.span for effect in _sampled(fit)}
    who = "MCMC samples" if fit.run.kind == "mcmc" else "the guide draws"
    for handler in handlers:
        if handler.kind != "substitute":
            continue
        met = (fit.model.seen or {}).get(handler.span, ())
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
                f"{who} '{key.text}' all the same: substitute leaves it latent; use "
                "condition to hold it at this value",
                site=key.text,
                rewrite=rewrite,
            )


def _sampled(fit: Fit) -> Iterator[Effect]:
    """The substituted sites that the algorithm gives values of its own."""
    drawn = None
    if fit.run.kind == "svi" and fit.guide is not None and not _is_list(fit):
        drawn = {effect.name for effect in latents(fit.guide)}
    elif fit.run.kind != "mcmc":
        return
    for effect in fit.model.effects:
        if is_latent(effect) and effect.value_from == "substitute":
            if drawn is None or effect.name in drawn:
                yield effect


def _is_list(fit: Fit) -> bool:
    return fit.auto is not None and fit.auto.kind == "AutoGuideList"


def _conditioned(handler: Handler, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.handlers import handler_fix

    title = "Use condition in place of substitute"
    return handler_fix(ctx.module.source, handler.span, "condition", title)
