"""A param without a constraint as a scale, rate or probability.

## What it does
Finds a `param` site without `constraint=` that is, as it is or after arithmetic that does not mend
it, an argument that must be positive or lie within an interval. It is an error where the file runs
SVI on the model or guide, an info where nothing runs it in sight.

## Why is this bad
NumPyro says nothing: SVI takes its steps on the whole real line and goes through negative scales,
where the log density is nan, or past probabilities, which are cut off without a gradient: the param
stays there.

## Example
```python
def guide(y):
    loc = numpyro.param("loc", 0.0)
    scale = numpyro.param("scale", 1.0)
    numpyro.sample("level", dist.Normal(loc, scale))


def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


svi = numpyro.infer.SVI(model, guide, numpyro.optim.Adam(0.01), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 100, jnp.ones(3))
```

## Use instead
```python
def guide(y):
    loc = numpyro.param("loc", 0.0)
    scale = numpyro.param("scale", 1.0, constraint=dist.constraints.positive)
    numpyro.sample("level", dist.Normal(loc, scale))


def model(y):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)


svi = numpyro.infer.SVI(model, guide, numpyro.optim.Adam(0.01), numpyro.infer.Trace_ELBO())
svi.run(jax.random.key(0), 100, jnp.ones(3))
```

## Fix safety
The fix changes the values that optimisation meets, so it is unsafe.

## References
numpyro.param (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import (
    Category,
    Diagnostic,
    Edit,
    Fix,
    Origin,
    Related,
    Severity,
    Stage,
)
from numpyro_lint.model.ir import Site
from numpyro_lint.model.passing import passed
from numpyro_lint.model.supports import Mismatch
from numpyro_lint.questions import model_mismatches
from numpyro_lint.refusals import together
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "unconstrained-param",
    category=Category.SUPPORTS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    yield from together(_written(model, ctx), _traced(model, ctx))


def _written(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    for mismatch in model_mismatches(ctx, model):
        params = [site for site in mismatch.sources if site.span in mismatch.range.leaves]
        if not params or any(site.kind != "param" for site in params):
            continue
        severity = _severity(model, ctx)
        if severity is not None and not _is_lifted(model, params):
            yield _finding(model, ctx, mismatch, params, severity)


def _traced(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    severity = _severity(model, ctx)
    for each in passed(model.traces) if severity is not None else ():
        to, param = each.to, each.source
        if param.traced.type != "param" or to.span is None or param.span is None:
            continue
        if severity is not None and param.traced.support == "real":
            yield ctx.report(
                to.span,
                f"the {each.argument} of '{to.traced.name}' must be {each.said}, and is the param "
                f"'{param.traced.name}', which has no constraint: "
                f"SVI {_goes(severity)} where the log density is nan or means nothing",
                severity=severity,
                site=to.traced.name,
                model=model.function.name,
                source=Origin.TRACE,
                related=(Related(param.span, f"'{param.traced.name}' is a param here"),),
            )


def _goes(severity: Severity) -> str:
    return "goes" if severity == Severity.ERROR else "would go"


def _finding(
    model: Model, ctx: Context, mismatch: Mismatch, params: list[Site], severity: Severity
) -> Diagnostic:
    argument = mismatch.argument
    names = " and ".join(f"'{site.name.glob}'" for site in params)
    return ctx.report(
        argument.step.site.span,
        f"the {argument.name} of '{argument.step.name.glob}' must be {argument.said}, and the "
        f"param {names} has no constraint: SVI {_goes(severity)} where the log density is nan or "
        "means nothing",
        severity=severity,
        site=argument.step.name.literal,
        model=model.function.name,
        related=tuple(Related(each.span, f"'{each.name.glob}' is a param here") for each in params),
        fix=_fix(ctx, mismatch, params),
    )


def _fix(ctx: Context, mismatch: Mismatch, params: list[Site]) -> Fix | None:
    """Adds the constraint where the param itself is the argument."""
    argument, text = mismatch.argument, ctx.module.source.text
    plain = argument.constraint in ("positive", "unit_interval") and mismatch.range.is_real
    if len(params) != 1 or not plain or argument.value.depends != frozenset({params[0].span}):
        return None
    call = params[0].span
    written = ctx.module.source.slice(argument.dist.span).partition("(")[0]
    home, _, family = written.rpartition(".")
    if not home or family != argument.dist.family or text[call.end - 1] != ")":
        return None
    end = call.end - 1
    while text[end - 1] in " \n\t,":
        end -= 1
    constraint = f"{home}.constraints.{argument.constraint}"
    edit = Edit(Span(end, end), f", constraint={constraint}")
    return Fix(f"Constrain '{params[0].name.glob}' to be {argument.said}", (edit,))


def _is_lifted(model: Model, params: list[Site]) -> bool:
    spans = {site.span for site in params}
    return any(e.site.span in spans and e.type != "param" for e in model.prediction.effects)


def _severity(model: Model, ctx: Context) -> Severity | None:
    """An error where SVI optimises it in sight; MCMC leaves a param at its initial value."""
    kinds = {
        run.kind
        for run in ctx.module.runs
        for stack in (run.stack, run.guide)
        if stack is not None and stack.model.function == model.function.key
    }
    if "svi" in kinds:
        return Severity.ERROR
    return None if kinds else Severity.INFO
