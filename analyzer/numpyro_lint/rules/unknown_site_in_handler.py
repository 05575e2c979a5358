"""A handler's key that names no site of the model.

## What it does
Compares the keys of `condition`, `substitute`, `do`, `block(hide=, expose=)`, `reparam(config=)`
and `lift(prior=)`, and the names with which a `hide_fn` compares that of its site, with the names
of the sites as the handler sees them at its place in the stack. Where a name or a call is not
told by the text, the traces of all runs that the handler takes part in decide.

## Why is this bad
NumPyro says nothing: the handler simply does nothing for that key. A typing slip in a `condition`
leaves the data out of the model.

## Example
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0))


conditioned = numpyro.handlers.condition(model, data={"yy": 1.0})
```

## Use instead
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0))


conditioned = numpyro.handlers.condition(model, data={"y": 1.0})
```

## Fix safety
Where one name is close, the fix puts it in place of the key; the trace changes, so it is unsafe.

## References
numpyro.handlers (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.keys import Missing
from numpyro_lint.model.program import Module
from numpyro_lint.questions import key_renamed, missing_keys
from numpyro_lint.rule import rule


@rule(
    "unknown-site-in-handler",
    category=Category.HANDLERS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for each, traced in missing_keys(ctx):
        if not each.scoped and not each.hidden:
            fix = key_renamed(ctx, each.key, each.near[0]) if len(each.near) == 1 else None
            yield ctx.report(
                each.key.span,
                _message(each),
                site=each.key.text,
                source=Origin.TRACE if traced else Origin.STATIC,
                fix=fix,
            )


def _message(each: Missing) -> str:
    kind = each.handler.kind
    said = f"this {kind} meets no site named '{each.key.text}', so the key has no effect"
    if each.near:
        return f"{said}: did you mean '{each.near[0]}'?"
    shown = ", ".join(f"'{name}'" for name in each.names[:6])
    more = ", ..." if len(each.names) > 6 else ""
    return f"{said}: the sites here are {shown}{more}" if shown else said
