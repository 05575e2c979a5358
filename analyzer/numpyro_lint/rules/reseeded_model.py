"""A model that seeds a part of itself with a constant.

## What it does
Finds `seed` with a constant inside a model that the file runs with a seed of its own, around a
latent site. Sites that a `block` hides are left alone.

## Why is this bad
The inner seed wins: its sites have one and the same draw whatever the seed of the model, in traces
and in predictions, and nothing is said.

## Example
```python
def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0))
    with numpyro.handlers.seed(rng_seed=0):
        numpyro.sample("offset", dist.Normal(0.0, 1.0))


Predictive(model, num_samples=100)(jax.random.key(1))
```

## Use instead
```python
def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("offset", dist.Normal(0.0, 1.0))


Predictive(model, num_samples=100)(jax.random.key(1))
```

## References
numpyro.handlers.seed (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.ir import Const, Handler, Param, RandomKey
from numpyro_lint.model.program import Module
from numpyro_lint.model.values import is_none
from numpyro_lint.questions import drawing_runs
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule("reseeded-model", category=Category.RANDOMNESS, severity=Severity.WARNING, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    if "seed(" not in module.source.text:
        return
    given = {
        use.span
        for function in module.functions.values()
        for use in function.uses
        if use.kind == "key" and isinstance(use.value, Param)
    }
    for stack, prediction in drawing_runs(ctx):
        seeds = {(s.site.span, s.path): seed for s in prediction.executions if (seed := _seed(s))}
        if not seeds:
            continue
        for effect in prediction.effects:
            seed = seeds.get((effect.site.span, effect.path))
            drawn = effect.type == "sample" and effect.value_from == "prior"
            if seed in given:
                continue
            if seed is not None and drawn and effect.hidden is False:
                yield ctx.report(
                    seed,
                    f"this seed wins over that of '{stack.model.display}': "
                    f"'{effect.name.glob}' is the same draw in every run; leave the inner seed out",
                    model=stack.model.display,
                )


def _seed(step: Execution) -> Span | None:
    """The constant seed inside of the model that a site draws from."""
    for active in reversed(step.active):
        frame = active.frame
        if isinstance(frame, Handler) and frame.kind == "seed":
            value = frame.arg("rng_seed")
            if isinstance(value, RandomKey):
                return frame.span if value.constant else None
            return frame.span if isinstance(value, Const) and not is_none(value) else None
    return None
