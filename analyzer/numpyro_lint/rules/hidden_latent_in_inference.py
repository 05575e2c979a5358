"""A latent site that a `block` hides from the inference it belongs to.

## What it does
Finds a `block` around, or inside, a model that is given to MCMC or SVI, and that hides a latent
site from the algorithm.

## Why is this bad
The algorithm never sees the site: each evaluation of the model takes a draw from the prior that
nobody infers and that no result holds, and the log density jumps with it. NumPyro says nothing.

## Example
```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    offset = numpyro.sample("offset", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope + offset, 1.0), obs=y)


kernel = numpyro.infer.NUTS(numpyro.handlers.block(model, hide=["offset"]))
mcmc = numpyro.infer.MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
To hold a site at a value, condition on it; to leave it out of the results, leave it out there.

```python
def model(y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    offset = numpyro.sample("offset", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope + offset, 1.0), obs=y)


kernel = numpyro.infer.NUTS(numpyro.handlers.condition(model, data={"offset": 0.0}))
mcmc = numpyro.infer.MCMC(kernel, num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## References
numpyro.handlers.block (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.ir import Handler
from numpyro_lint.model.keys import keys_of
from numpyro_lint.model.program import Run
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.rule import rule


@rule(
    "hidden-latent-in-inference",
    category=Category.HANDLERS,
    severity=Severity.WARNING,
    since="0.1",
)
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    if run.kind not in ("mcmc", "svi") or run.stack is None:
        return
    if not any(handler.kind == "block" for handler in ctx.module.handlers):
        return
    prediction = ctx.prediction(run.stack)
    for effect in prediction.effects:
        if effect.type != "sample" or not effect.hidden or effect.value_from != "prior":
            continue
        block = _block(effect, prediction) if effect.observed is False else None
        name = effect.name.literal
        if block is None or name is None:
            continue
        key = next((key for key in keys_of(block) if key.text == name), None)
        yield ctx.report(
            key.span if key is not None else block.span,
            f"this block hides the latent site '{name}' from {run.kind.upper()}: it is drawn anew "
            "from its prior at each evaluation and not inferred",
            site=name,
            model=run.stack.model.display,
        )


def _block(effect: Effect, prediction: Prediction) -> Handler | None:
    """The block that hides a site; None where a seed further in draws it on purpose."""
    for step in prediction.executions:
        if step.site.span != effect.site.span or step.path != effect.path:
            continue
        frames = [active.frame for active in step.stack if isinstance(active.frame, Handler)]
        for index, frame in enumerate(frames):
            met = (prediction.seen or {}).get(frame.span, ())
            if frame.kind != "block" or all(seen.site.span != effect.site.span for seen in met):
                continue
            private = any(inner.kind == "seed" for inner in frames[index + 1 :])
            return None if private else frame
    return None
