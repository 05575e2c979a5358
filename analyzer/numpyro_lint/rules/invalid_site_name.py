"""A site name that is no string, or that is made of a sampled value.

## What it does
Finds names of sites that are numbers, None or tuples, and those that hold what a latent site or a
param of the model gave.

## Why is this bad
JAX cannot sort names of several types, and inference raises "Comparator raised exception"; the
summary of MCMC raises as well. A name that is made of a sampled value is another at each draw, and
under inference the text of a tracer: NumPyro raises an AssertionError without text.

## Example
```python
def model():
    group = numpyro.sample("group", dist.Normal(0.0, 1.0))
    numpyro.sample(f"effect_{group}", dist.Normal(0.0, 1.0))
```

## Use instead
```python
def model():
    for group in range(3):
        numpyro.sample(f"effect_{group}", dist.Normal(0.0, 1.0))
```

## References
numpyro.sample (0.22)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.expand import Used
from numpyro_lint.model.ir import Const, Sequence
from numpyro_lint.model.traced import traced_by
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

# The text of a traced value: `JitTracer(float32[])`, and `Traced<...>` before JAX 0.7.
_TRACER = re.compile(r"Traced<|Tracer\(")
_NAMED = frozenset({"sample", "deterministic", "factor", "param", "plate"})


@rule(
    "invalid-site-name",
    category=Category.NAMES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for used in model.prediction.uses:
        if used.use.kind != "name":
            continue
        if isinstance(used.use.value, (Const, Sequence)):
            yield ctx.report(
                used.use.span,
                "the name of a site is a string: JAX cannot sort this one among the others",
                model=model.function.name,
            )
        elif (drawn := _latent(used, model)) is not None:
            yield ctx.report(
                used.use.span,
                f"this name is made of the value of '{drawn}', which is another at each draw and "
                "has no value at all while inference traces the model",
                model=model.function.name,
            )
    yield from _traced(model, ctx)


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """Names of the trace that are no strings, or hold the text of a traced value."""
    for joined in (each for trace in model.traces for each in trace.sites):
        traced = joined.traced
        if traced.type not in _NAMED or joined.span is None:
            continue
        if traced.name_type != "str":
            what = f"is a string, and this one is a {traced.name_type}"
            severity = None
        elif _TRACER.search(traced.name_as_written) and not traced.scanned:
            # In the body of a scan it is the same text in all passes.
            what = "does not change with what is drawn, and this one holds a traced value"
            severity = None if traced_by(ctx.module, model.function) else Severity.INFO
        else:
            continue
        name_span = joined.site.name_span if joined.site is not None else None
        yield ctx.report(
            name_span or joined.span,
            f"the name of a site {what}",
            severity=severity,
            model=model.function.name,
            source=Origin.TRACE,
        )


def _latent(used: Used, model: Model) -> str | None:
    """The name of a latent site or param whose value stands in a name."""
    return next((n for n in (_name(span, model) for span in sorted(used.drawn)) if n), None)


def _name(span: Span, model: Model) -> str | None:
    for effect in model.prediction.effects:
        latent = effect.observed is False or effect.type == "param"
        if effect.site.span == span and latent and effect.type in ("sample", "param"):
            return effect.site.name.glob
    return None
