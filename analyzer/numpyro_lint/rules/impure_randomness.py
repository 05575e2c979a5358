"""Randomness in a model that its key does not rule.

## What it does
Finds draws of `numpy.random` and of Python's `random` in models, and, as information, draws of
`jax.random` with a constant key. Initial values of params are left alone: they may be any.

## Why is this bad
The seed of a model rules its sites alone. Numbers from a hidden state differ from run to run under
one seed, and are drawn once, while JAX traces, then built into what is compiled: inference never
sees another value. A constant key gives the same numbers whatever the seed.

## Example
```python
import numpy as np
import numpyro
import numpyro.distributions as dist


def model(y):
    jitter = np.random.normal()
    numpyro.sample("y", dist.Normal(jitter, 1.0), obs=y)
```

## Use instead
```python
def model(y):
    jitter = numpyro.sample("jitter", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(jitter, 1.0), obs=y)
```

## Fix safety
`numpyro.prng_key()` gives other numbers than the constant key, so the fix is unsafe.

## References
numpyro.prng_key (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Severity
from numpyro_lint.model.ir import RandomKey, Use
from numpyro_lint.model.passes import calls_of
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

_NO_DRAW = ("jax.random.split", "jax.random.bits")


@rule("impure-randomness", category=Category.RANDOMNESS, severity=Severity.WARNING, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    drawing = [used.use for used in model.prediction.uses if used.use.kind in ("random", "key")]
    starts = list(_starts(model)) if drawing else []
    for use in drawing:
        if any(span.start <= use.span.start < span.end for span in starts):
            continue
        if use.kind == "random":
            yield ctx.report(
                use.span,
                f"{use.detail} draws from a hidden state: the seed of the model does not rule it, "
                "and inference sees one number for ever; use numpyro.sample or a key from "
                "numpyro.prng_key()",
                model=model.function.name,
            )
        elif _is_constant(use):
            yield ctx.report(
                use.span,
                f"{use.detail} has a constant key: the model gets the same numbers whatever its "
                "seed; use a key from numpyro.prng_key()",
                severity=Severity.INFO,
                model=model.function.name,
                fix=_fix(use, ctx),
            )


def _starts(model: Model) -> Iterator[Span]:
    """Where initial values of params are written: in their calls, and in those of helpers."""
    for step in model.prediction.executions:
        if step.site.kind == "param":
            yield step.site.span
            yield from calls_of(step.path)[-1:]


def _is_constant(use: Use) -> bool:
    if not use.detail.startswith("jax.random.") or use.detail in _NO_DRAW:
        return False
    return isinstance(use.value, RandomKey) and use.value.constant


def _fix(use: Use, ctx: Context) -> Fix | None:
    key = use.value
    if (
        not isinstance(key, RandomKey)
        or key.parts
        or "\nimport numpyro\n" not in ("\n" + ctx.module.source.text)
    ):
        return None
    if not use.span.start <= key.born.start <= key.born.end <= use.span.end:
        return None
    return Fix("Take the key from numpyro.prng_key()", (Edit(key.born, "numpyro.prng_key()"),))
