"""A handler that is built with arguments which NumPyro refuses, or of which it reads only one.

## What it does
Checks what handlers are given: a callable to put themselves around, exactly one of `data` and its
function, dictionaries where there are keys, a positive `scale`, a boolean `mask`, an integer or a
key for `seed`, a `centered` between 0 and 1, and no more than one of `block`'s arguments.

## Why is this bad
Most of it raises when the handler is built, often without a text that helps. Of `hide_fn`, `hide`,
`expose_types` and `expose`, `block` silently reads the first alone.

## Example
```python
with numpyro.handlers.seed(0):
    draw = numpyro.sample("draw", dist.Normal(0.0, 1.0))
```

## Use instead
```python
with numpyro.handlers.seed(rng_seed=0):
    draw = numpyro.sample("draw", dist.Normal(0.0, 1.0))
```

## Fix safety
The fix names the argument, where the first one is no callable: the code raised before, so it is
safe.

## References
numpyro.handlers (0.22)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Severity, Stage
from numpyro_lint.model.binding import is_none
from numpyro_lint.model.ir import (
    Const,
    Data,
    Dist,
    Handler,
    RandomKey,
    Reparam,
    Sequence,
    Table,
    Text,
)
from numpyro_lint.model.program import Module
from numpyro_lint.refusals import refused
from numpyro_lint.rule import rule

_BLOCK = ("hide_fn", "hide", "expose_types", "expose")
# What the first argument was meant for, where it is nothing that can be called.
_MEANT = {
    "condition": "data",
    "substitute": "data",
    "do": "data",
    "reparam": "config",
    "lift": "prior",
    "seed": "rng_seed",
    "scale": "scale",
    "mask": "mask",
    "scope": "prefix",
    "block": "hide",
}
_NOT_CALLABLE = (Const, Text, Table, Sequence, RandomKey, Dist)
_FLOATS = ("jax.numpy.ones", "jax.numpy.zeros", "numpy.ones", "numpy.zeros")


@rule(
    "invalid-handler-arguments",
    category=Category.HANDLERS,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    found = _written(module, ctx)
    yield from refused(ctx, found, "an argument of this handler is not what it must be")


def _written(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for handler in module.handlers:
        fault = _fault(handler)
        if fault is not None:
            yield ctx.report(handler.span, fault, rewrite=partial(_fix, handler, ctx))
        for value in (value for name, value in handler.args if name == "config"):
            for key in value.keys if isinstance(value, Table) else ():
                if isinstance(key.value, Reparam) and _is_out_of_bounds(key.value):
                    yield ctx.report(
                        key.value.span,
                        "centered must lie between 0 and 1: NumPyro raises a ValueError",
                        site=key.text,
                    )


def _fault(handler: Handler) -> str | None:
    if _is_not_callable(handler):
        meant = _MEANT.get(handler.kind)
        hint = f"; write {meant}=" if meant else ""
        return (
            f"the first argument of {handler.kind} is the function it is put around, and this is "
            f"none: NumPyro raises a ValueError{hint}"
        )
    check = _CHECKS.get(handler.kind)
    return check(handler) if check is not None and handler.complete else None


def _is_not_callable(handler: Handler) -> bool:
    value = handler.arg("fn")
    return isinstance(value, _NOT_CALLABLE) and not is_none(value)


def _one_of(function: str) -> Callable[[Handler], str | None]:
    def check(handler: Handler) -> str | None:
        data, given = is_none(handler.arg("data")), is_none(handler.arg(function))
        if data is given and data is not None:
            both = "takes data or" if data is False else "needs data or"
            rest = ", not both" if data is False else ""
            return f"{handler.kind} {both} {function}{rest}: NumPyro raises a ValueError"
        return _keys(handler)

    return check


def _keys(handler: Handler) -> str | None:
    data = handler.arg("data")
    if isinstance(data, (Const, Text, Sequence)) and not is_none(data):
        return f"data of {handler.kind} is a dictionary of values by the names of their sites"
    return None


def _block(handler: Handler) -> str | None:
    given = [name for name in _BLOCK if is_none(handler.arg(name)) is False]
    if len(given) > 1:
        return f"block reads {given[0]} alone: {' and '.join(given[1:])} has no effect"
    text = next((name for name in given[:1] if isinstance(handler.arg(name), Text)), None)
    return f"{text} is a list of names: any part of a text counts as a name" if text else None


def _scale(handler: Handler) -> str | None:
    value = handler.arg("scale")
    if isinstance(value, Const) and isinstance(value.value, (int, float)) and value.value <= 0:
        return (
            "scale must be positive: NumPyro raises a ValueError; mask(mask=False) leaves sites out"
        )
    return None


def _mask(handler: Handler) -> str | None:
    value = handler.arg("mask")
    number = isinstance(value, Const) and not isinstance(value.value, bool)
    made = value.made if isinstance(value, Data) else None
    floats = made is not None and made.op in _FLOATS and len(made.operands) == 1
    if number or (floats and made is not None and not made.values):
        return "mask must be boolean: NumPyro raises a ValueError; give a comparison, or dtype=bool"
    return None


def _seed(handler: Handler) -> str | None:
    value = handler.arg("rng_seed")
    wrong = isinstance(value, (Text, Sequence, Table))
    if wrong or (isinstance(value, Const) and isinstance(value.value, (float, bytes))):
        return "rng_seed is an integer or a key of jax.random: NumPyro raises a TypeError"
    return None


def _config(handler: Handler) -> str | None:
    config = handler.arg("config")
    if is_none(config) or isinstance(config, (Sequence, Const, Text)):
        return (
            "reparam needs config, a dictionary of reparameterisers by site or a function: NumPyro "
            "raises an AssertionError without text"
        )
    return None


def _trace(handler: Handler) -> str | None:
    if is_none(handler.arg("trace")):
        return "replay needs a trace: NumPyro raises an AssertionError without text"
    return None


_CHECKS: dict[str, Callable[[Handler], str | None]] = {
    "condition": _one_of("condition_fn"),
    "substitute": _one_of("substitute_fn"),
    "do": _keys,
    "block": _block,
    "scale": _scale,
    "mask": _mask,
    "seed": _seed,
    "reparam": _config,
    "replay": _trace,
}


def _is_out_of_bounds(how: Reparam) -> bool:
    value = how.arg("centered")
    number = value.value if isinstance(value, Const) else None
    return isinstance(number, (int, float)) and not 0 <= number <= 1


def _fix(handler: Handler, ctx: Context) -> Fix | None:
    from numpyro_lint.rewrite.handlers import name_fix

    meant = _MEANT.get(handler.kind)
    if meant is None or not _is_not_callable(handler) or handler.arg(meant) is not None:
        return None
    return name_fix(ctx.module.source, handler.span, meant)
