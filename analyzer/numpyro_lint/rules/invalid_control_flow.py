"""A `scan` or `cond` of NumPyro's that cannot be run.

## What it does
Finds `cond` whose two functions have different sites, or a site of one name with two families of
distributions; functions that take another number of arguments than `scan` (two) and `cond` (one)
pass; `scan` with neither `xs` nor `length`; and `param` in such functions of a model that is given
to MCMC or SVI.

## Why is this bad
Both functions of a `cond` are traced, and JAX wants the same of both: with different sites it
raises TypeError about pytrees. `scan` without a length raises IndexError, and a `param` inside
KeyError: 'fn', as soon as MCMC or SVI begins.

## Example
```python
import numpyro
import numpyro.distributions as dist
from numpyro.contrib.control_flow import cond


def model():
    switch = numpyro.sample("switch", dist.Normal(0.0, 1.0))
    cond(
        switch > 0,
        lambda _: numpyro.sample("high", dist.Normal(5.0, 1.0)),
        lambda _: numpyro.sample("low", dist.Normal(-5.0, 1.0)),
        None,
    )
```

## Use instead
```python
import numpyro
import numpyro.distributions as dist
from numpyro.contrib.control_flow import cond


def model():
    switch = numpyro.sample("switch", dist.Normal(0.0, 1.0))
    cond(
        switch > 0,
        lambda _: numpyro.sample("level", dist.Normal(5.0, 1.0)),
        lambda _: numpyro.sample("level", dist.Normal(-5.0, 1.0)),
        None,
    )
```

## References
numpyro.contrib.control_flow.scan and cond (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.expand import Active, Control, Execution
from numpyro_lint.model.ir import Call, Dist
from numpyro_lint.model.program import Function, Module
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

_TAKES = {"scan": 2, "cond": 1}


@rule(
    "invalid-control-flow",
    category=Category.TRACING,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    found = _written(module, ctx)
    yield from refused(ctx, found, "what this control flow is given does not fit")


def _written(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    flows = [
        call for each in module.functions.values() for call in each.calls if call.via != "call"
    ]
    if not flows:
        return
    for call in flows:
        yield from _arguments(call, module.function(call.callee), ctx)
    for function in module.functions.values():
        for use in function.uses:
            if use.kind == "control":
                yield ctx.report(use.span, f"{use.detail}: NumPyro raises IndexError; give one")
    if any(call.via == "cond" for call in flows):
        for model in ctx.models:
            if model.prediction.complete:
                yield from _unequal_arms(model.prediction.executions, model.function.name, ctx)
    for run in module.runs:
        if run.kind in ("mcmc", "svi") and run.stack is not None:
            yield from _params(ctx.prediction(run.stack).executions, run.kind, ctx)


def _arguments(call: Call, function: Function | None, ctx: Context) -> Iterator[Diagnostic]:
    if function is None or any(p.kind in ("args", "kwargs") for p in function.params):
        return
    passed = _TAKES[call.via] + len(call.callee.bound.positional)
    named = call.callee.bound.keyword
    slots = [p for p in function.params if p.kind == "positional" and p.name not in named]
    needed = [p for p in slots if p.default is None]
    if call.callee.bound.complete and not len(needed) <= passed <= len(slots):
        yield ctx.report(
            call.span,
            f"{call.via} passes {_TAKES[call.via]} argument{'s' if call.via == 'scan' else ''} to "
            f"'{call.callee.display}', which takes {len(slots)}: Python raises TypeError",
        )


def _control(step: Execution) -> tuple[Active, Control] | None:
    """The innermost `scan` or `cond` around a site."""
    for active in reversed(step.stack):
        if isinstance(active.frame, Control):
            return active, active.frame
    return None


def _unequal_arms(steps: tuple[Execution, ...], model: str, ctx: Context) -> Iterator[Diagnostic]:
    conds: dict[tuple[tuple[Span, ...], Span], dict[int, list[Execution]]] = {}
    for step in steps:
        found = _control(step)
        if found is not None and found[1].kind == "cond" and found[1].arms == 2:
            active, control = found
            arms = conds.setdefault((active.path, control.span), {0: [], 1: []})
            arms[control.arm].append(step)
    for (_, span), arms in conds.items():
        if any(step.arms or step.name.literal is None for each in arms.values() for step in each):
            continue
        reason = _difference(arms[0], arms[1])
        if reason is not None:
            yield ctx.report(
                span,
                f"the two functions of this cond {reason}: JAX traces both and wants the same of "
                "both, so it raises TypeError; give them the same sites",
                model=model,
            )


def _difference(first: list[Execution], second: list[Execution]) -> str | None:
    one, two = _sites(first), _sites(second)
    for name in sorted(one.keys() ^ two.keys()):
        return f"differ in '{name}', which only one of them has"
    for name, family in one.items():
        if family and two[name] and family != two[name]:
            return f"give '{name}' the distributions {family} and {two[name]}"
    return None


def _sites(steps: list[Execution]) -> dict[str, str | None]:
    return {
        step.name.glob: step.site.dist.family
        if isinstance(step.site.dist, Dist) and not step.site.dist.wraps
        else None
        for step in steps
        if step.site.kind in ("sample", "deterministic")
    }


def _params(steps: tuple[Execution, ...], kind: str, ctx: Context) -> Iterator[Diagnostic]:
    for step in steps:
        found = _control(step) if step.site.kind == "param" else None
        if found is not None:
            name = step.name.glob
            yield ctx.report(
                found[1].span,
                f"a function of this {found[1].kind} has the param '{name}': {kind.upper()} raises "
                "KeyError: 'fn'; make the param outside and use it inside",
                site=name,
            )
