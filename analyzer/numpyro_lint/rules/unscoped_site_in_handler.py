"""A handler's key that lacks a scope's prefix, or has one too many.

## What it does
Finds keys that would name a site but for the prefix that `handlers.scope` gives it: outside the
scope the site is `prefix/name`, inside it is `name`.

## Why is this bad
NumPyro says nothing: the handler does nothing for that key.

## Example
```python
def effect():
    return numpyro.sample("effect", dist.Normal(0.0, 1.0))


def model():
    with numpyro.handlers.scope(prefix="left"):
        effect()


conditioned = numpyro.handlers.condition(model, data={"effect": 1.0})
```

## Use instead
```python
def effect():
    return numpyro.sample("effect", dist.Normal(0.0, 1.0))


def model():
    with numpyro.handlers.scope(prefix="left"):
        effect()


conditioned = numpyro.handlers.condition(model, data={"left/effect": 1.0})
```

## Fix safety
The trace changes, so the fix is unsafe.

## References
numpyro.handlers.scope (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.program import Module
from numpyro_lint.questions import key_renamed, missing_keys
from numpyro_lint.rule import rule


@rule(
    "unscoped-site-in-handler",
    category=Category.HANDLERS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for each, traced in missing_keys(ctx):
        if not each.scoped or each.hidden:
            continue
        names = " and ".join(f"'{name}'" for name in each.scoped)
        fix = key_renamed(ctx, each.key, each.scoped[0]) if len(each.scoped) == 1 else None
        yield ctx.report(
            each.key.span,
            f"the key '{each.key.text}' has no effect: where this {each.handler.kind} stands the "
            f"site is {names}",
            site=each.key.text,
            source=Origin.TRACE if traced else Origin.STATIC,
            fix=fix,
        )
