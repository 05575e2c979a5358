"""`scan` or `cond` inside a plate.

## What it does
Finds NumPyro's `scan` and `cond` under a plate.

## Why is this bad
NumPyro raises `Cannot use control flow primitive under a plate primitive`. The plate belongs into
the body of the scan.

## Example
```python
def model(xs):
    def step(state, x):
        state = numpyro.sample("state", dist.Normal(state, 1.0))
        return state, state

    with numpyro.plate("series", 3):
        scan(step, jnp.zeros(3), xs)
```

## Use instead
```python
def model(xs):
    def step(state, x):
        with numpyro.plate("series", 3):
            state = numpyro.sample("state", dist.Normal(state, 1.0))
        return state, state

    scan(step, jnp.zeros(3), xs)
```

## References
numpyro.contrib.control_flow.scan (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity, Stage
from numpyro_lint.model.expand import Control
from numpyro_lint.model.ir import Frame, Handler
from numpyro_lint.model.program import Module
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule
from numpyro_lint.text import Span


@rule(
    "control-flow-in-plate",
    category=Category.PLATES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    found = _written(module, ctx)
    yield from refused(ctx, found, "this control flow stands in a plate")


def _written(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    flows = [
        (function, call)
        for function in module.functions.values()
        for call in function.calls
        if call.via != "call"
    ]
    for function, call in flows:
        frame = _plate(call.place.frames)
        if frame is not None:
            yield _finding(call.via, call.span, frame, function.name, ctx)
    if flows:
        yield from _reached(ctx)


def _reached(ctx: Context) -> Iterator[Diagnostic]:
    """Control flow in a helper that is called in a plate."""
    for model in ctx.models:
        for step in model.prediction.executions:
            frames = [active.frame for active in step.active]
            for index, control in enumerate(frames):
                frame = _plate(frames[:index]) if isinstance(control, Control) else None
                if isinstance(control, Control) and frame is not None:
                    yield _finding(control.kind, control.span, frame, model.function.name, ctx)


def _plate(frames: Sequence[Frame | Handler | Control]) -> Frame | None:
    """The plate that a message meets on its way out, if no block hides it before."""
    for frame in reversed(frames):
        if isinstance(frame, Frame):
            return frame
        if isinstance(frame, Handler) and frame.kind in ("block", "opaque"):
            return None
    return None


def _finding(kind: str, span: Span, frame: Frame, model: str, ctx: Context) -> Diagnostic:
    name = frame.plate.name.glob
    return ctx.report(
        span,
        f"NumPyro raises on `{kind}` in a plate: move the plate '{name}' into the function that "
        f"`{kind}` is given",
        model=model,
        related=(Related(frame.plate.span, "the plate around it"),),
    )
