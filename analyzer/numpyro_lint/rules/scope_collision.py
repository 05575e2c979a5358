"""Two names that become equal once scopes are applied.

## What it does
Finds sites whose names differ as written, or stand in two scopes, and are one name for the trace.

## Why is this bad
NumPyro's trace raises `all sites must have unique names` and names a site that is nowhere written.

## Example
```python
def model():
    with numpyro.handlers.scope(prefix="plot"):
        numpyro.sample("soil/acid", dist.Normal(0.0, 1.0))
    with numpyro.handlers.scope(prefix="plot/soil"):
        numpyro.sample("acid", dist.Normal(0.0, 1.0))
```

## Use instead
```python
def model():
    with numpyro.handlers.scope(prefix="plot"):
        numpyro.sample("soil/acid", dist.Normal(0.0, 1.0))
    with numpyro.handlers.scope(prefix="soil"):
        numpyro.sample("acid", dist.Normal(0.0, 1.0))
```

## References
numpyro.handlers.scope (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.refusals import repeats
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "scope-collision",
    category=Category.NAMES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    yield from _traced(model, ctx)
    for collision in model.collisions:
        if collision.kind != "scope":
            continue
        first, second = collision.first, collision.second
        spans = second.effect.site.span, first.effect.site.span
        yield _finding(*spans, second.name, first.name, model, ctx, Origin.STATIC)


def _finding(
    here: Span, before: Span, name: str, first: str, model: Model, ctx: Context, source: Origin
) -> Diagnostic:
    return ctx.report(
        here,
        f"with its scopes this site is '{name}', and so is another: NumPyro's trace raises on a "
        "second site of one name",
        site=name,
        model=model.function.name,
        source=source,
        related=(Related(before, f"'{first}' is first here"),),
    )


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for each in repeats(ctx, model, "scope"):
        name = each.second.traced.name
        yield _finding(each.at, each.first_at, name, name, model, ctx, Origin.TRACE)
