"""Two interventions on one site.

## What it does
Finds two `do` handlers, one around the other, that both name one site. Where the text does not
tell their keys, a trace that ends in this way does, at the site.

## Why is this bad
Each sends the site through the whole stack again, and so sets off the other: NumPyro warns that
this is almost certainly incorrect, again and again, until Python raises a RecursionError.

## Example
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0))


inner = numpyro.handlers.do(model, data={"slope": 1.0})
outer = numpyro.handlers.do(inner, data={"slope": 2.0})
```

## Use instead
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0))


first = numpyro.handlers.do(model, data={"slope": 1.0})
second = numpyro.handlers.do(model, data={"slope": 2.0})
```

## References
numpyro.handlers.do (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.ir import Handler
from numpyro_lint.model.keys import keys_of
from numpyro_lint.model.program import Module, Stack
from numpyro_lint.model.stack import Prediction
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule


@rule(
    "repeated-intervention",
    category=Category.HANDLERS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    found = (each for stack in module.stacks for each in _written(stack, ctx))
    if sum(handler.kind == "do" for handler in module.handlers) < 2:
        yield from found
        return
    yield from refused(ctx, found, "two do handlers intervene on this site")


def _written(stack: Stack, ctx: Context) -> Iterator[Diagnostic]:
    prediction = ctx.prediction(stack)
    if prediction.raises is None or not prediction.raises.startswith("RecursionError"):
        return
    last = prediction.executions[-1]
    frames = [active.frame for active in last.stack if isinstance(active.frame, Handler)]
    found = [(do, key) for do in frames if do.kind == "do" for key in keys_of(do)]
    named = [(do, key) for do, key in found if _meets(do, key.text, prediction)]
    if len({do.span for do, _ in named}) > 1:
        _, key = named[0]
        yield ctx.report(
            key.span,
            f"a do further in intervenes on '{key.text}' already: NumPyro warns, and then raises a "
            "RecursionError",
            site=key.text,
            model=stack.model.display,
        )


def _meets(do: Handler, key: str, prediction: Prediction) -> bool:
    """Whether the site at which the run ended is that of a key."""
    site = prediction.executions[-1].site.span
    met = (prediction.seen or {}).get(do.span, ())
    return any(seen.name.literal == key and seen.site.span == site for seen in met)
