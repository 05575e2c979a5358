"""A model that could not be traced.

## What it does
Names each model of the file that has no trace, with the reason and what would make it traceable.

## Why is this bad
It is not a mistake: but what only a trace can show was not checked.

## References
`# numpyro-lint: trace(x=jnp.zeros(50), y=None)` above the model gives its arguments
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity
from numpyro_lint.model.attach import span_of
from numpyro_lint.rule import rule


@rule("not-traced", category=Category.TOOL, severity=Severity.INFO, since="0.1")
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    trace = model.trace
    if trace is None or trace.ok:
        return
    failure = trace.result.failure
    span = model.function.name_span
    if failure is None:
        reason, advice = "it was not tried", None
    else:
        message = failure.message.strip().partition("\n")[0]
        reason = f"{failure.exception}: {message}" if failure.exception else message
        if not message:
            reason = f"{failure.exception} without text"
        advice = failure.advice
        span = span_of(ctx.module.source, failure.position) or span
    said = f"'{model.function.name}' was not traced: {reason}"
    yield ctx.report(
        span,
        f"{said}; {advice}" if advice else said,
        model=model.function.name,
        source=Origin.TRACE,
    )
