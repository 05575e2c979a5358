"""Handlers in an order in which one of them has no effect, or another than was meant.

## What it does
Finds a handler whose key names a site that a `block` further in hides, or that a `reparam` further
in has made deterministic; an `uncondition` inside the `condition` that it is to take back; and a
`do` outside of the `scope` that names its site.

## Why is this bad
Handlers act from the innermost out, and what is hidden or changed further in is out of reach
further out. NumPyro says nothing. A `do` sends its site through the whole stack once more, so that
a `scope` inside of it prefixes the new site twice (`w/w/b`).

## Example
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0))


hidden = numpyro.handlers.block(model, hide=["slope"])
held = numpyro.handlers.condition(hidden, data={"slope": 1.0})
```

## Use instead
```python
def model():
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0))


held = numpyro.handlers.condition(model, data={"slope": 1.0})
hidden = numpyro.handlers.block(held, hide=["slope"])
```

## Fix safety
Where the two stand around the model in one expression, the fix exchanges them: another handler acts
then, so it is unsafe.

## References
numpyro.handlers (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Severity
from numpyro_lint.model.ir import Handler, Key
from numpyro_lint.model.keys import Met, keys_of
from numpyro_lint.model.program import Module, Stack
from numpyro_lint.model.stack import Prediction
from numpyro_lint.model.values import is_none
from numpyro_lint.questions import key_uses, met_handlers, missing_keys
from numpyro_lint.rule import rule

_CHANGING = ("condition", "do", "reparam")


@rule("handler-order", category=Category.HANDLERS, severity=Severity.WARNING, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    kinds = {handler.kind for handler in module.handlers}
    if "block" in kinds:
        yield from _outside_block(ctx)
    if "reparam" in kinds:
        yield from _outside_reparam(ctx)
    if "uncondition" in kinds and "condition" in kinds:
        yield from _inside_condition(module, ctx)
    if "do" in kinds and "scope" in kinds:
        for stack in module.stacks:
            yield from _outside_scope(stack, ctx)


def _outside_block(ctx: Context) -> Iterator[Diagnostic]:
    for each, _ in missing_keys(ctx):
        if each.hidden and each.handler.kind != "block":
            yield ctx.report(
                each.key.span,
                f"a block further in hides '{each.key.text}' from this {each.handler.kind}: put "
                "the block around it",
                site=each.key.text,
                rewrite=partial(_swapped, ctx, each.handler, "block"),
            )


def _outside_reparam(ctx: Context) -> Iterator[Diagnostic]:
    for uses in key_uses(ctx):
        entry, key = uses[0]
        if all(_is_reparameterised(entry, key) for entry, key in uses):
            yield ctx.report(
                key.span,
                f"a reparam further in has made '{key.text}' deterministic, so that this "
                f"{entry.handler.kind} does nothing to it: put the reparam around it",
                site=key.text,
                rewrite=partial(_swapped, ctx, entry.handler, "reparam"),
            )


def _is_reparameterised(entry: Met, key: Key) -> bool:
    if entry.handler.kind not in _CHANGING or is_none(key.value):
        return False
    met = entry.called(key.text)
    return bool(met) and all(
        seen.type == "deterministic" and seen.value == "reparam" for seen in met
    )


def _inside_condition(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for entry in met_handlers(ctx):
        handler = entry.handler
        if handler.kind != "uncondition" or not entry.known or not entry.seen:
            continue
        if any(seen.observed or seen.name.literal is None for seen in entry.seen):
            continue
        around = [_outer(stack, handler) for stack in module.stacks if handler in stack.handlers]
        if around and all(any(h.kind == "condition" for h in outer) for outer in around):
            yield ctx.report(
                handler.span,
                "this uncondition meets nothing that is observed: put it around the condition "
                "that it is to take back",
                rewrite=partial(_swapped, ctx, handler, "condition", inside=False),
            )


def _swapped(ctx: Context, handler: Handler, kind: str, *, inside: bool = True) -> Fix | None:
    """Exchanges a handler with the next one further in, or further out, if it is of this kind."""
    from numpyro_lint.rewrite.handlers import swap_fix

    for stack in ctx.module.stacks:
        for outer, inner in pairwise(stack.handlers):
            mine, other = (outer, inner) if inside else (inner, outer)
            if mine == handler and other.kind == kind:
                return swap_fix(ctx.module.source, outer.span, inner.span)
    return None


def _outer(stack: Stack, handler: Handler) -> tuple[Handler, ...]:
    return stack.handlers[: stack.handlers.index(handler)]


def _outside_scope(stack: Stack, ctx: Context) -> Iterator[Diagnostic]:
    for handler in stack.handlers:
        if handler.kind != "do":
            continue
        prediction = ctx.prediction(stack)
        for key in keys_of(handler):
            doubled = _doubled(key.text, prediction)
            if doubled is not None:
                yield ctx.report(
                    handler.span,
                    f"a scope inside of this do names its new site twice, '{doubled}': put the "
                    "scope around the do",
                    site=key.text,
                )


def _doubled(key: str, prediction: Prediction) -> str | None:
    """The name of the site that a `do` adds, where a scope has given it a prefix once more."""
    written = {
        step.site.span: step.name.literal
        for step in prediction.executions
        if step.name.literal and step.name.literal != key and key.endswith(step.name.literal)
    }
    for effect in prediction.effects:
        own, name = written.get(effect.site.span), effect.name.literal
        if own is not None and name is not None and effect.value_from != "do":
            if name.endswith(key.removesuffix(own) + key):
                return name
    return None
