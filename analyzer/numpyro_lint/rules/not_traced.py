"""A model that could not be traced.

## What it does
Names each model of the file that has no trace, with the reason and what would make it traceable.
[What a trace may not do](../safety.md) is refused, and told with the line that asked. Where
a mistake stops the trace and a rule tells of it there, as untraceable-model does, that is all.

## Why is this bad
It is not a mistake: but what only a trace can show was not checked.

## References
`# numpyro-lint: trace(x=jnp.zeros(50), y=None)` above the model gives its arguments
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.attach import reason_of, span_of
from numpyro_lint.model.program import Module
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import Failure


@rule("not-traced", category=Category.TOOL, severity=Severity.INFO, since="0.1", stage=Stage.TRACE)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    stopped: dict[tuple[Span, str], list[Model]] = {}
    first = next((model.function.name_span for model in ctx.models), None)
    for model in ctx.models:
        if model.trace is not None and not model.trace.ok:
            failure = model.trace.result.failure
            place = span_of(module.source, failure.position) if failure else None
            if failure and failure.stage == "start":
                place = first
            span = place or model.function.name_span
            stopped.setdefault((span, reason_of(failure)), []).append(model)
    # What several models need, an import for example, stops all of them at one place, and an
    # interpreter that cannot trace all of the file.
    for (span, reason), models in stopped.items():
        yield _finding(span, reason, models, ctx)


def _finding(span: Span, reason: str, models: list[Model], ctx: Context) -> Diagnostic:
    *names, last = (f"'{model.function.name}'" for model in models)
    who = f"{', '.join(names)} and {last} were" if names else f"{last} was"
    assert models[0].trace is not None
    failure = models[0].trace.result.failure
    advice = f"; {failure.advice}" if failure and failure.advice else ""
    return ctx.report(
        span,
        f"{who} not traced: {reason}{advice}",
        model=models[0].function.name,
        source=Origin.TRACE,
        related=_refused(failure, models[0], ctx),
    )


def _refused(failure: Failure | None, model: Model, ctx: Context) -> tuple[Related, ...]:
    """What was refused before, where the code went on without it and may have failed for that."""
    if failure is None or failure.refusal is None:
        return ()
    place = span_of(ctx.module.source, failure.refusal.position)
    message = f"before that, {failure.refusal.message}"
    return (Related(place or model.function.name_span, message),)
