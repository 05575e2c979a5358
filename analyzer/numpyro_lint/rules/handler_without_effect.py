"""A handler that did nothing to any site when it was traced.

## What it does
Looks at each handler of a stack that was traced with its own arguments, and reports `condition`,
`substitute`, `do`, `replay`, `lift`, `reparam` and `uncondition` where they changed no message:
what they are keyed on was there, and named none of the sites that they met; or there was no param
to lift, and no observation to free. Names that stand in the text are `unknown-site-in-handler`'s.

## Why is this bad
NumPyro says nothing: the model runs as if the handler were not there. Values of a guide's params,
substituted into the model, leave every latent at a draw of its prior.

## Example
```python
def model(x):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0))


fitted = dict(zip(["slope_auto_loc", "slope_auto_scale"], jnp.ones(2)))
fixed = numpyro.handlers.substitute(model, data=fitted)
numpyro.handlers.seed(fixed, 0)(jnp.zeros(3))
```

## Use instead
```python
def model(x):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0))


fitted = dict(zip(["slope"], jnp.ones(1)))
fixed = numpyro.handlers.substitute(model, data=fitted)
numpyro.handlers.seed(fixed, 0)(jnp.zeros(3))
```

## Fix safety
The fix takes the handler away. This trace stays as it is, but what was meant is another matter, so
it is unsafe.

## References
numpyro.handlers (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Origin, Severity, Stage
from numpyro_lint.model.around import Witness, is_written_out, works_elsewhere
from numpyro_lint.model.program import Module
from numpyro_lint.questions import all_witnesses
from numpyro_lint.rule import rule

_KEYED = ("condition", "substitute", "do", "replay", "reparam", "lift")
_SHOWN = 4


@rule(
    "handler-without-effect",
    category=Category.HANDLERS,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for each in all_witnesses(ctx):
        why = _why(each)
        if why is not None:
            yield ctx.report(
                each.handler.span,
                f"this {each.handler.kind} does nothing: {why}",
                source=Origin.TRACE,
                rewrite=partial(_fix, each, ctx),
            )


def _why(each: Witness) -> str | None:
    """Why a handler did nothing; None where it did something, or is not said to have not."""
    kind = each.handler.kind
    if each.changed or not each.names or works_elsewhere(each) or is_written_out(each.handler):
        return None
    if kind == "uncondition":
        return "none of the sites here is observed"
    if kind == "lift" and each.keys is None:
        return None if each.met_type("param") else "the model has no param"
    if kind not in _KEYED or not each.keys or set(each.keys) & {*each.names, *each.hidden}:
        return None
    what = "sites of the replayed trace" if kind == "replay" else "names that it is given"
    return (
        f"none of the {what} ({_listed(each.keys)}) is a site here, where there are "
        f"{_listed(each.names)}"
    )


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    return f"{shown}, ..." if len(names) > _SHOWN else shown


def _fix(each: Witness, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.handlers import removal_fix

    if each.handler.form != "wrapper":
        return None
    return removal_fix(ctx.module.source, each.handler.span)
