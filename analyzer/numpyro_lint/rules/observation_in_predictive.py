"""Observed data that are passed to Predictive, which gives them back.

## What it does
Finds calls of Predictive that pass the data of an observed site whose draws are then used.

## Why is this bad
An observed site is not drawn: Predictive silently returns the data that it was given, once for each
draw. With None in their place they are predicted.

## Example
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


y = jnp.ones(3)
draws = numpyro.infer.Predictive(model, num_samples=10)(jax.random.key(0), jnp.ones(3), y)
mean = draws["y"].mean(0)
```

## Use instead
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


y = jnp.ones(3)
draws = numpyro.infer.Predictive(model, num_samples=10)(jax.random.key(0), jnp.ones(3), None)
mean = draws["y"].mean(0)
```

## Fix safety
The site is drawn instead of observed, so the fix is unsafe.

## References
numpyro.infer.Predictive (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import (
    Applicability,
    Category,
    Diagnostic,
    Edit,
    Fix,
    Related,
    Severity,
)
from numpyro_lint.model.binding import bind, is_none, table_of
from numpyro_lint.model.ir import Argument, Derived, Opaque, Param
from numpyro_lint.model.program import Run, Stack
from numpyro_lint.model.stack import Prediction
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "observation-in-predictive",
    category=Category.OBSERVATIONS,
    severity=Severity.WARNING,
    since="0.1",
)
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    if run.kind != "predictive" or run.stack is None or not is_none(run.arg("infer_discrete")):
        return
    used = _used(run, ctx)
    if not used:
        return
    for name, argument, site in _given_back(run.stack, ctx):
        if name in used and not _is_passed_on(site, used, ctx.prediction(run.stack)):
            fix = Edit(argument.span, "None")
            yield ctx.report(
                argument.span,
                f"'{name}' is observed at what is passed here, so Predictive gives these data back "
                "in place of draws: pass None to predict them",
                site=name,
                model=run.stack.model.display,
                related=(Related(used[name], "used here"), Related(site, "the site")),
                fix=Fix("Pass None", (fix,), Applicability.UNSAFE),
            )


def _used(run: Run, ctx: Context) -> dict[str, Span]:
    """The sites whose draws are used, as far as that is in sight."""
    sites = table_of(run.arg("return_sites"))
    found = {key.text: key.span for key in sites.keys} if sites else {}
    if sum(other.span == run.span for other in ctx.module.runs) == 1:
        # Of an object that is called several times it is not known which call a name is read of.
        found |= {r.key.text: r.key.span for r in ctx.module.reads if r.engine == run.span}
    return found


def _is_passed_on(site: Span, used: dict[str, Span], prediction: Prediction) -> bool:
    """Whether a deterministic of the data is used too: it is what they are passed for."""
    return any(
        step.site.kind == "deterministic"
        and step.name.literal in used
        and site in step.origins(step.site.arg("value"))
        for step in prediction.executions
    )


def _given_back(stack: Stack, ctx: Context) -> Iterator[tuple[str, Argument, Span]]:
    """The sites that are observed at an argument of the run, under the names that they have."""
    function, arguments = ctx.module.function(stack.model), stack.arguments
    if function is None or arguments is None or not arguments.complete:
        return
    bound = bind(function, stack.model.bound, arguments)
    passed = {
        key: item
        for key, value in bound.items()
        for item in arguments.items
        if item.value is value and _is_data(value)
    }
    for name, key, span in _observing(ctx.prediction(stack)):
        if key in passed:
            yield name, passed[key], span


def _is_data(value: object) -> bool:
    if isinstance(value, (Param, Derived)):
        return False
    return isinstance(value, Opaque) or is_none(value) is False  # type: ignore[arg-type]


def _observing(prediction: Prediction) -> Iterator[tuple[str, str, Span]]:
    """The sites that may be observed at a parameter of the model, by its key."""
    steps = {(step.site.span, step.path): step for step in prediction.executions}
    for effect in prediction.effects:
        step = steps.get((effect.site.span, effect.path))
        if step is None or effect.type != "sample" or effect.observed is False or step.arms:
            continue
        name = effect.name.literal
        if name is None or effect.hidden is not False or effect.value_from not in (None, "obs"):
            continue
        if isinstance(step.site.obs, Param):
            yield name, step.site.obs.key, step.site.span
