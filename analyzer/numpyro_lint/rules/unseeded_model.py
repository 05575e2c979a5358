"""A model that is run without a random key.

## What it does
Finds a model that is traced or called outside of inference with no `seed` around it, or with a
`seed` that is given no key.

## Why is this bad
NumPyro raises an AssertionError without text as soon as a latent site is drawn.

## Example
```python
def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0))


trace = numpyro.handlers.trace(model).get_trace()
```

## Use instead
```python
def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0))


trace = numpyro.handlers.trace(numpyro.handlers.seed(model, rng_seed=0)).get_trace()
```

## Fix safety
NumPyro raised before, so the fix is safe.

## References
numpyro.handlers.seed (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Severity
from numpyro_lint.model.ir import Call, Handler
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.questions import bare_call
from numpyro_lint.rule import rule
from numpyro_lint.text import Span

_NO_KEY = "AssertionError: no random key"


@rule("unseeded-model", category=Category.HANDLERS, severity=Severity.ERROR, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for stack in module.stacks:
        if stack.use not in ("call", "trace") or not _runs_at_top(module, stack):
            continue
        prediction = ctx.prediction(stack)
        if prediction.raises == _NO_KEY:
            seeds = [handler for handler in stack.handlers if handler.kind == "seed"]
            yield ctx.report(
                stack.span,
                f"'{stack.model.display}' is run "
                + ("with a seed that is given no key" if seeds else "without a seed")
                + ": NumPyro raises an AssertionError without text at its first draw",
                model=stack.model.display,
                rewrite=partial(_seeded, seeds, stack.call_span or stack.span, ctx),
            )
    yield from _plain_calls(module, ctx)


def _runs_at_top(module: Module, stack: Stack) -> bool:
    """Whether no caller can have put a seed around this place."""
    if stack.within is None:
        return True
    function = module.functions.get(stack.within)
    return function is not None and _called_plainly(module, function)


def _called_plainly(module: Module, function: Function) -> bool:
    """Whether the file calls a function at its top, under no handler."""
    return any(
        isinstance(step, Call)
        and step.callee.function == function.key
        and not step.place.frames
        and not step.callee.handlers
        for step in module.loose
    )


def _plain_calls(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    """A model that is called like any function, at the top of the file."""
    for step in module.loose:
        if not isinstance(step, Call) or step.place.frames or step.callee.handlers:
            continue
        function = module.function(step.callee)
        if function is None or function.role not in ("model", "helper") or step.via != "call":
            continue
        if bare_call(module, step).raises == _NO_KEY:
            yield ctx.report(
                step.span,
                f"'{step.callee.display}' is called without a seed: NumPyro raises an "
                "AssertionError without text at its first draw",
                model=step.callee.display,
                rewrite=partial(_seeded, [], step.span, ctx),
            )


def _seeded(seeds: list[Handler], call: Span, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.handlers import seed_fix, seed_key_fix

    if seeds:
        return seed_key_fix(ctx.module.source, seeds[0].span) if len(seeds) == 1 else None
    return seed_fix(ctx.module.source, call)
