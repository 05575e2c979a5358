"""A value that one handler gives a site and another, or the data, has given it already.

## What it does
Finds keys of `condition` and `substitute` that name a site which has its value already: by `obs=`,
or by a `condition` or `substitute` further in.

## Why is this bad
The outer value wins and NumPyro says nothing: the data, or the inner value, are left out.

## Example
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=1.5)


conditioned = numpyro.handlers.condition(model, data={"y": 2.0})
```

## Use instead
Give the data in one place; `uncondition` takes what is observed back.

```python
def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


conditioned = numpyro.handlers.condition(model, data={"y": 2.0})
```

## References
numpyro.handlers.condition, numpyro.handlers.uncondition (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.ir import Key
from numpyro_lint.model.keys import Met, keys_of
from numpyro_lint.model.program import Module
from numpyro_lint.model.values import is_none
from numpyro_lint.questions import key_uses
from numpyro_lint.rule import rule

_GIVES = ("condition", "substitute")
_GIVEN = {
    "obs": "obs= gives '{}' its data already",
    "condition": "a condition further in gives '{}' a value already",
    "substitute": "a substitute further in gives '{}' a value already",
}


@rule(
    "overridden-observation",
    category=Category.HANDLERS,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for uses in key_uses(ctx):
        entry, key = uses[0]
        if entry.handler.kind not in _GIVES:
            continue
        given = [_given(entry, key) for entry, key in uses]
        if given[0] is not None and None not in given:
            yield ctx.report(
                key.span,
                f"{_GIVEN[given[0]].format(key.text)}: this {entry.handler.kind} overrides it",
                site=key.text,
            )
    for model in ctx.models:
        if model.traces:
            yield from _traced(model, ctx)


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    """What a handler whose keys the text does not show has overridden."""
    written = {
        (handler.kind, key.text) for handler in ctx.module.handlers for key in keys_of(handler)
    }
    for joined in (each for trace in model.traces for each in trace.sites):
        traced = joined.traced
        by = "obs"
        for change in traced.history if traced.type == "sample" and joined.span else ():
            if change.field != "value" or change.handler not in _GIVES or joined.span is None:
                continue
            known = {name for kind, name in written if kind == change.handler}
            if change.before != "none" and by in _GIVEN and traced.name_as_written not in known:
                yield ctx.report(
                    joined.span,
                    f"{_GIVEN[by].format(traced.name)}: a {change.handler} around it overrides "
                    "that",
                    site=traced.name,
                    source=Origin.TRACE,
                )
            by = change.handler


def _given(entry: Met, key: Key) -> str | None:
    """Where the value of a key's site comes from when the handler gives it another."""
    if entry.handler.kind not in _GIVES or is_none(key.value):
        return None
    met = entry.called(key.text)
    if not met or any(seen.value not in _GIVEN or seen.site.kind == "factor" for seen in met):
        return None
    return met[0].value
