"""Sites that one run of a model has and another has not.

## What it does
Runs the model several times: with several seeds where its draws decide what is run, and with
several seeds of Python's and numpy's own `random` else. It compares names, types and shapes.

## Why is this bad
NUTS and SVI find the latents in one first run, and go by them in all that follow: a site that is
missing then raises KeyError, one that is new is not inferred, and one of another shape raises deep
in JAX. What numpy draws is drawn once, when the model is compiled.

## Example
```python
import numpy as np


def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    size = np.random.randint(1, 100)
    noise = numpyro.sample("noise", dist.HalfNormal(1.0).expand([size]).to_event(1))
    numpyro.sample("y", dist.Normal(level, noise.mean()), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 1.0)
```

## Use instead
```python
def model(size, y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0).expand([size]).to_event(1))
    numpyro.sample("y", dist.Normal(level, noise.mean()), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), 30, 1.0)
```

## References
numpyro.infer.util.initialize_model (0.22); Pyro's check_traces_match
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.valued import values_of
from numpyro_lint.questions import fits_of
from numpyro_lint.rule import rule

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import Unstable


@rule(
    "unstable-sites",
    category=Category.NAMES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.VALUES,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    values = values_of(model.trace)
    if values is None or model.trace is None or not values.unstable:
        return
    if not fits_of(ctx, model.function):
        return
    written = {each.name.literal: each.site.span for each in model.prediction.effects}
    traced = {each.traced.name: each.span for each in model.trace.sites if each.span is not None}
    first = values.unstable[0]
    others = [f"'{each.name}'" for each in values.unstable[1:]]
    more = f" (and {', '.join(others[:3])}{' ...' if len(others) > 3 else ''})" if others else ""
    yield ctx.report(
        traced.get(first.name) or written.get(first.name) or model.function.name_span,
        f"'{first.name}'{more} is not the same in every run: {_difference(first)}. Inference goes "
        "by the sites of one first run, and fails, or leaves out what is new; let arguments decide "
        "what is sampled",
        site=first.name,
        model=model.function.name,
        source=Origin.TRACE,
        evidence={"first": first.then, "again": first.now, "by": first.by},
    )


def _difference(each: Unstable) -> str:
    by = "another seed" if each.by == "seed" else "other numbers from Python's or numpy's random"
    then, now = each.then or "there is none", each.now or "there is none"
    return f"at first {then}, and with {by} {now}"
