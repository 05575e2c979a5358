"""A handler that is built and then dropped, or a trace that nobody takes.

## What it does
Finds a handler that a statement builds and does not keep, and a `trace(model)(...)`, which runs the
model and throws the trace away.

## Why is this bad
A handler changes nothing where it stands: it returns another function, or is entered by `with`. A
`trace` gives its sites by `get_trace(...)`; called like a function it gives what the model returns.

## Example
```python
def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0))


numpyro.handlers.condition(model, data={"slope": 1.0})
```

## Use instead
```python
def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0))


conditioned = numpyro.handlers.condition(model, data={"slope": 1.0})
```

## Fix safety
`get_trace` in place of the call gives another value, so the fix is unsafe.

## References
numpyro.handlers (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Severity
from numpyro_lint.model.program import Module
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule("unused-handler", category=Category.HANDLERS, severity=Severity.WARNING, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    if not module.source.path.endswith(".ipynb"):
        # The last expression of a cell is shown.
        for handler in module.dropped:
            yield ctx.report(
                handler.span,
                f"this {handler.kind} is built and dropped: keep the function that it returns, or "
                "enter it by with",
            )
    for stack in module.stacks:
        trace = stack.handlers[0]
        if stack.use != "call" or trace.kind != "trace" or stack.call_span is None:
            continue
        if trace.form == "wrapper" and stack.call_span.start == trace.span.start:
            at = Span(trace.span.end, trace.span.end)
            yield ctx.report(
                stack.call_span,
                "the trace is lost: trace(...)(...) gives what the model returns; "
                "trace(...).get_trace(...) gives the trace",
                model=stack.model.display,
                fix=Fix("Take the trace: .get_trace(...)", (Edit(at, ".get_trace"),)),
            )
