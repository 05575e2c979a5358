"""Observed data that a model cannot do without, though a run leaves them out.

## What it does
Finds runs that give no value to an argument which the model observes and which has no default, and
runs in which it is None though the model takes its length or shape.

## Why is this bad
Python raises a TypeError or AttributeError. To predict, NumPyro runs the model without the data: it
needs `y=None` in the signature, and its sizes from elsewhere.

## Example
```python
def model(x, y):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


draws = numpyro.infer.Predictive(model, num_samples=10)(jax.random.key(0), jnp.ones(3))
```

## Use instead
```python
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)


draws = numpyro.infer.Predictive(model, num_samples=10)(jax.random.key(0), jnp.ones(3))
```

## References
numpyro.infer.Predictive (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.model.binding import bind, is_none
from numpyro_lint.model.expand import reached
from numpyro_lint.model.ir import Arguments, Value
from numpyro_lint.model.program import Function, Parameter, Run, Stack
from numpyro_lint.rule import rule

_KINDS = frozenset({"predictive", "mcmc", "svi"})


@rule(
    "required-observation", category=Category.OBSERVATIONS, severity=Severity.WARNING, since="0.1"
)
def check(run: Run, ctx: Context) -> Iterator[Diagnostic]:
    stack = run.stack
    function = ctx.module.function(stack.model) if stack else None
    if stack is None or function is None or stack.arguments is None or run.kind not in _KINDS:
        return
    if not (stack.arguments.complete and stack.model.bound.complete):
        return
    observed = _observed(function)
    given = Arguments((*stack.model.bound.items, *stack.arguments.items))
    for parameter in function.params:
        if parameter.key in observed and not _is_given(parameter, function, given):
            if parameter.default is None:
                yield _required(parameter, observed[parameter.key], stack, function, ctx)
    yield from _measured(run, stack, function, observed, ctx)


def _observed(function: Function) -> dict[str, str]:
    """The parameters that are observed as they are, each with the site that observes it."""
    return {
        each: site.name.glob
        for site in function.sites
        if site.kind == "sample" and site.obs is not None
        for each in site.obs.depends
        if isinstance(each, str)
    }


def _is_given(parameter: Parameter, function: Function, given: Arguments) -> bool:
    slots = [each.name for each in function.params if each.kind == "positional"]
    if parameter.kind == "positional" and slots.index(parameter.name) < len(given.positional):
        return True
    return parameter.kind in ("args", "kwargs") or parameter.name in given.keyword


def _required(
    parameter: Parameter, site: str, stack: Stack, function: Function, ctx: Context
) -> Diagnostic:
    return ctx.report(
        stack.call_span or stack.span,
        f"'{function.name}' is run without '{parameter.name}', which '{site}' observes, and Python "
        f"raises a TypeError: write `{parameter.name}=None` in its signature to draw '{site}'",
        site=site,
        model=function.name,
        related=(Related(function.name_span, f"'{parameter.name}' has no default here"),),
    )


def _measured(
    run: Run, stack: Stack, function: Function, observed: Mapping[str, str], ctx: Context
) -> Iterator[Diagnostic]:
    """Lengths and shapes of data that are None in this run."""
    values: dict[str, Value] | None = None
    for measure in ctx.module.measures:
        if measure.function != function.key or measure.param not in observed:
            continue
        if values is None:
            values = bind(function, stack.model.bound, stack.arguments or Arguments())
        if not is_none(values.get(measure.param)) or measure.param not in values:
            continue
        if reached(measure.place, values):
            name, site = measure.param.partition("@")[0], observed[measure.param]
            yield ctx.report(
                measure.span,
                f"'{name}' is None in a run of '{function.name}', and None has no length or shape: "
                f"take the size from what is always given, to draw '{site}'",
                site=site,
                model=function.name,
                related=(Related(stack.call_span or run.span, f"the run without '{name}'"),),
            )
